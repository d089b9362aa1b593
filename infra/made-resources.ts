import * as pulumi from "@pulumi/pulumi";

/**
 * What a component makes, with everything inside it. Our programs make all of it before they end; what they made later,
 * inside an `apply`, would not be counted.
 */
export class MadeResources {
  readonly #resources: pulumi.Resource[] = [];

  /** For the component's options, which hand it on to what is inside; changes nothing. */
  readonly collect: pulumi.ResourceTransformation = ({ resource }) => {
    this.#resources.push(resource);
    return undefined;
  };

  /** Resolves when all of it is there. Known in a preview too, as URNs are. */
  whenAllThere(): pulumi.Output<unknown> {
    return pulumi.all(this.#resources.map(({ urn }) => urn));
  }
}
