using Gantry.Attestations;
using Gantry.Signing;

namespace Gantry.Admission;

/// <summary>An environment whose clusters refuse what was not promoted to it.</summary>
/// <param name="Environment">The name of the environment: letters, digits, '-' and '_', starting with a letter.</param>
public sealed record AdmissionTarget(string Environment)
{
    /// <summary>
    /// The repositories of the environment's images in the registries of all its regions: <c>contosoprod.azurecr.io/shop/api</c>.
    /// </summary>
    public required IReadOnlyList<string> Repositories { get; init; }

    /// <summary>
    /// The keys whose attestations the clusters accept. Revoked ones are left out. All others are in, whatever their dates are: what a key
    /// signed in its time still counts after it, and a file that depends on the day would change without a change of the declaration.
    /// </summary>
    public required IReadOnlyList<TrustedKey> Keys { get; init; }

    /// <summary>The URI of the verifier that promotions name: <c>verifier.id</c> of a verification summary.</summary>
    public string VerifierId { get; init; } = PredicateTypes.Verifier;

    /// <summary>The namespaces of the cluster to which the policies apply; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>
    /// Other images that the namespaces may run, such as sidecars: <c>mcr.microsoft.com/oss/*</c>, where <c>*</c> matches any text. All
    /// images that are neither these nor in <see cref="Repositories"/> are then refused. Null to look at no other image.
    /// </summary>
    /// <remarks>
    /// Without it, a policy says nothing about the same image under another address: that of another environment's registry, or that of
    /// its own registry written with a port or in upper case.
    /// </remarks>
    public IReadOnlyList<string>? AllowedImages { get; init; }

    /// <summary>True to refuse images that were promoted past gates that did not hold (break-glass).</summary>
    public bool RefuseBreakGlass { get; init; }

    /// <summary>
    /// The subject of the certificate that signs promotions to this environment: <c>C=DE, ST=Berlin, O=Contoso, CN=prod</c>. Required for
    /// <see cref="AdmissionEngines.Notation"/>.
    /// </summary>
    public string? NotationSubject { get; init; }

    /// <summary>The named trust store with the root of that certificate; null for the name of the environment.</summary>
    public string? NotationTrustStore { get; init; }
}
