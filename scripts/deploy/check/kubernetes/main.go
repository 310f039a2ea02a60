// Builds kustomizations as `kubectl apply -k` does, and judges what comes out as an API server of
// this Kubernetes version would: unknown fields, defaults, validation, and the Pod Security
// Standard "restricted". Prints the objects of each folder as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corev1 "k8s.io/kubernetes/pkg/apis/core/v1"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	networkingvalidation "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policyvalidation "k8s.io/kubernetes/pkg/apis/policy/validation"

	v1 "k8s.io/api/core/v1"
	podsecurity "k8s.io/pod-security-admission/api"
	podpolicy "k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

type answer struct {
	Folder   string            `json:"folder"`
	Problems []string          `json:"problems"`
	Objects  []json.RawMessage `json:"objects"`
}

var decoder = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()

func main() {
	answers := []answer{}
	for _, folder := range os.Args[1:] {
		answers = append(answers, judge(folder))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}

func judge(folder string) answer {
	found := answer{Folder: folder, Problems: []string{}, Objects: []json.RawMessage{}}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		found.Problems = append(found.Problems, err.Error())
		return found
	}
	for _, resource := range built.Resources() {
		name := resource.GetKind() + " " + resource.GetName()
		text, err := resource.MarshalJSON()
		if err != nil {
			found.Problems = append(found.Problems, name+": "+err.Error())
			continue
		}
		found.Objects = append(found.Objects, text)
		for _, problem := range problemsOf(text) {
			found.Problems = append(found.Problems, name+": "+problem)
		}
	}
	return found
}

func problemsOf(text []byte) []string {
	object, _, err := decoder.Decode(text, nil, nil)
	if err != nil {
		return []string{err.Error()}
	}
	// Labels are needed by the checks of selectors, names by all of them; a cluster says the rest.
	meta := object.(metav1.Object)
	if meta.GetNamespace() == "" {
		meta.SetNamespace("default")
	}
	problems := []string{}
	errors, pod := validated(object)
	for _, each := range errors {
		problems = append(problems, each.Error())
	}
	if pod != nil {
		problems = append(problems, notRestricted(pod)...)
	}
	return problems
}

/* What an API server would refuse, and the pod that the object makes, if it makes one. */
func validated(object runtime.Object) (field.ErrorList, *core.PodTemplateSpec) {
	options := corevalidation.PodValidationOptions{}
	switch it := object.(type) {
	case *apps.Deployment:
		return appsvalidation.ValidateDeployment(it, options), &it.Spec.Template
	case *apps.StatefulSet:
		return appsvalidation.ValidateStatefulSet(it, appsvalidation.StatefulSetValidationOptions{}, options), &it.Spec.Template
	case *batch.Job:
		selectItself(it)
		return batchvalidation.ValidateJobSpec(&it.Spec, nil, field.NewPath("spec"), options), &it.Spec.Template
	case *core.Service:
		// A server writes the one address into the list of them.
		if it.Spec.ClusterIP != "" {
			it.Spec.ClusterIPs = []string{it.Spec.ClusterIP}
		}
		return corevalidation.ValidateServiceCreate(it), nil
	case *core.ConfigMap:
		return corevalidation.ValidateConfigMap(it), nil
	case *core.Secret:
		return corevalidation.ValidateSecret(it), nil
	case *core.ServiceAccount:
		return corevalidation.ValidateServiceAccount(it), nil
	case *core.Namespace:
		it.Namespace = ""
		return corevalidation.ValidateNamespace(it), nil
	case *core.PersistentVolumeClaim:
		return corevalidation.ValidatePersistentVolumeClaim(it, corevalidation.PersistentVolumeClaimSpecValidationOptions{}), nil
	case *networking.NetworkPolicy:
		return networkingvalidation.ValidateNetworkPolicy(it, networkingvalidation.NetworkPolicyValidationOptions{}), nil
	case *networking.Ingress:
		return networkingvalidation.ValidateIngressCreate(it), nil
	case *policy.PodDisruptionBudget:
		return policyvalidation.ValidatePodDisruptionBudget(it, policyvalidation.PodDisruptionBudgetValidationOptions{}), nil
	default:
		return field.ErrorList{field.NotSupported(field.NewPath("kind"), fmt.Sprintf("%T", object), []string{"what this program can judge"})}, nil
	}
}

/* A server gives each Job a selector of its own; without one it would be refused here. */
func selectItself(job *batch.Job) {
	own := map[string]string{"job": job.Name}
	manual := true
	job.Spec.ManualSelector = &manual
	job.Spec.Selector = &metav1.LabelSelector{MatchLabels: own}
	if job.Spec.Template.Labels == nil {
		job.Spec.Template.Labels = map[string]string{}
	}
	job.Spec.Template.Labels["job"] = job.Name
}

/* What keeps a pod from a namespace that enforces the Pod Security Standard "restricted". */
func notRestricted(template *core.PodTemplateSpec) []string {
	var pod v1.PodTemplateSpec
	if err := corev1.Convert_core_PodTemplateSpec_To_v1_PodTemplateSpec(template, &pod, nil); err != nil {
		return []string{err.Error()}
	}
	evaluator, err := podpolicy.NewEvaluator(podpolicy.DefaultChecks(), nil)
	if err != nil {
		return []string{err.Error()}
	}
	level := podsecurity.LevelVersion{Level: podsecurity.LevelRestricted, Version: podsecurity.LatestVersion()}
	problems := []string{}
	for _, result := range evaluator.EvaluatePod(level, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			problems = append(problems, "not restricted: "+result.ForbiddenReason+": "+result.ForbiddenDetail)
		}
	}
	return problems
}
