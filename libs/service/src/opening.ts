import {
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type PipeTransform,
} from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { Sealed } from '#libs/contracts';
import type { Sealing } from '#libs/privacy';
import type { AppointmentNews } from './appointment-news.js';
import type { RequestContext } from './request-context.js';

/** 拆封: how one request sees personal data: opened, or masked while nobody knows who may see it. */
export class Opening {
  constructor(
    private readonly sealing: Sealing,
    readonly isMasked: boolean,
  ) {}

  /** The content; undefined when its subject was erased, or while it is masked. */
  open<Content>(sealed: Sealed<Content>): Content | undefined {
    return this.isMasked ? undefined : this.sealing.open(sealed);
  }
}

/** Says for each request whether personal data may be opened; marks the answer when not. */
export class Openings {
  private readonly made = new WeakMap<RequestContext, Promise<Opening>>();

  constructor(
    private readonly service: string,
    private readonly sealing: Sealing,
    private readonly news: AppointmentNews,
  ) {}

  of(context: RequestContext): Promise<Opening> {
    const made = this.made.get(context) ?? this.make(context);
    this.made.set(context, made);
    return made;
  }

  private async make(context: RequestContext): Promise<Opening> {
    const { isOld } = await this.news.status();
    if (isOld) (context.masked ??= new Set()).add(this.service);
    return new Opening(this.sealing, isOld);
  }
}

/** Nest makes a pipe of its own for each module: it asks the one that the service was wired with. */
@Injectable()
export class OpeningPipe implements PipeTransform<RequestContext, Promise<Opening>> {
  constructor(private readonly openings: Openings) {}

  transform(context: RequestContext): Promise<Opening> {
    return this.openings.of(context);
  }
}

const Asking = createParamDecorator((_: unknown, context: ExecutionContext): RequestContext =>
  GqlExecutionContext.create(context).getContext<RequestContext>(),
);

/** What opens sealed sections for a request, as a resolver's parameter. */
export const OpenWith = (): ParameterDecorator => Asking(OpeningPipe);
