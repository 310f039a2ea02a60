/**
 * Commands of the pages that need a container engine or a cluster, and the test that judges what
 * they read without one.
 */
export const neededEngine: Readonly<Record<string, string>> = {
  'docker build --tag fengqiao:0.1.0 .': 'scripts/deploy-compose.spec.ts',
  'docker compose up --build --wait': 'scripts/deploy-compose.spec.ts',
  'docker compose exec gateway node dist/apps/platform/src/token.js --role supervisor --area 4305':
    'scripts/deploy-compose.spec.ts',
  'kubectl create namespace fengqiao-4305': 'scripts/deploy-kubernetes.spec.ts',
  'kubectl -n fengqiao-4305 create secret generic fengqiao-token-key --from-file=token-key.pem':
    'scripts/deploy-kubernetes.spec.ts',
  'kubectl -n fengqiao-4305 create secret generic fengqiao-database --from-file=url':
    'scripts/deploy-kubernetes.spec.ts',
  'kubectl -n fengqiao-4305 create secret generic fengqiao-bus --from-file=grid-registry --from-file=mediation --from-file=volunteers --from-file=inspections --from-file=ca.crt --from-file=client.properties':
    'scripts/deploy-kubernetes.spec.ts',
  'kubectl apply -k deploy/kubernetes/overlays/production': 'scripts/deploy-kubernetes.spec.ts',
  // It is taken from the page there.
  [`(umask 077; node --print "require('crypto').generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })" > token-key.pem)`]:
    'scripts/deploy-kubernetes.spec.ts',
};
