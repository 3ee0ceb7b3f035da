using Gantry.Admission;
using Gantry.AzurePipelines;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// Generates the policies with which the clusters of each environment refuse images that were not promoted to it. Use
/// <see cref="IGenerateFiles.AdmissionSettings"/> for what differs between environments.
/// </summary>
/// <remarks>
/// <para>
/// The trusted keys of an environment are files in the repository: <c>keys/prod/2026.pub</c>. Without one, no policy can be written, and
/// the generation fails: name the <see cref="Environments"/> that have keys.
/// </para>
/// <para>
/// In <see cref="Registry"/>, <see cref="Keys"/>, <see cref="NotationSubject"/> and <see cref="NotationTrustStore"/>,
/// <c>{environment}</c> is replaced by the name of the environment. The values must not depend on the user or the machine, or the files
/// would change with them.
/// </para>
/// </remarks>
public sealed class AdmissionPoliciesAttribute : FileGeneratorAttribute
{
    /// <summary>The folder of the policies, relative to the root of the repository. Each environment has a folder in it.</summary>
    public string Folder { get; set; } = "policies";

    /// <summary>The programs that policies are generated for.</summary>
    public AdmissionEngines Engines { get; set; } = new AdmissionOptions().Engines;

    /// <summary>The names of the environments that have policies; empty for all.</summary>
    public string[] Environments { get; set; } = [];

    /// <summary>
    /// The addresses of the registries: <c>contoso{environment}.azurecr.io</c>, where <c>{environment}</c> is <c>prodweu</c> for a region.
    /// Null for those of <see cref="PromotionPipelineAttribute.Registry"/> or <see cref="PromotionWorkflowAttribute.Registry"/> of the
    /// class.
    /// </summary>
    public string? Registry { get; set; }

    /// <summary>The folder with the public keys of an environment, relative to the root of the repository.</summary>
    public string Keys { get; set; } = "keys/{environment}";

    /// <summary>The URI of the verifier that promotions name; null for that of Gantry.</summary>
    public string? VerifierId { get; set; }

    /// <summary>The namespaces of the cluster to which the policies apply; empty for all.</summary>
    public string[] Namespaces { get; set; } = [];

    /// <summary>
    /// Other images that the namespaces may run: <c>mcr.microsoft.com/oss/*</c>. All images that are neither these nor in a repository of
    /// the environment are then refused; an empty list refuses all others. Null to look at no other image.
    /// </summary>
    public string[]? AllowedImages { get; set; }

    /// <summary>True to refuse images that were promoted past gates that did not hold.</summary>
    public bool RefuseBreakGlass { get; set; }

    /// <summary>
    /// The subject of the certificate that signs promotions: <c>C=DE, ST=Berlin, O=Contoso, CN={environment}</c>. Required for
    /// <see cref="AdmissionEngines.Notation"/>.
    /// </summary>
    public string? NotationSubject { get; set; }

    /// <summary>The named trust store with the root of that certificate.</summary>
    public string NotationTrustStore { get; set; } = "{environment}";

    /// <inheritdoc/>
    public override Type HostType => typeof(Terminal);

    /// <inheritdoc/>
    public override string IdPostfix => "AdmissionPolicies";

    /// <inheritdoc/>
    public override AbsolutePath ConfigurationFile => Build.RootDirectory / Folder;

    /// <inheritdoc/>
    internal override GenerationResult CreateFiles(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets) =>
        AdmissionDeclarations.Generate(build, this);
}
