namespace Gantry.Environments;

/// <summary>
/// The declaration of a host that is updated after a promotion. An immutable record that states what the host needs; the deployer of its
/// kind carries it out.
/// </summary>
/// <remarks>
/// A text that may hold secrets names environment variables instead: <c>$(PROD_WEBHOOK_URL)</c>. Their values are never shown. A build can
/// declare deployments of its own: a derived record, and a deployer for it.
/// </remarks>
public abstract record Deployment
{
    /// <summary>
    /// The description that people see where the deployment is listed: <c>App Service contoso-prod</c>. Contains no value of a variable.
    /// </summary>
    public abstract string Description { get; }

    /// <summary>The name of the image of the release that the host runs; null when the release has one image.</summary>
    public string? Image { get; init; }

    /// <summary>The region of the host; null when the environment has none.</summary>
    public string? Region { get; init; }

    /// <summary>
    /// The way in which a job of a build system signs in to the host; null when it needs none, or the variables of the deployment are its
    /// credential.
    /// </summary>
    public HostLogin? Login { get; init; }

    /// <summary>Sends a webhook with the payload of Azure Container Registry's push webhooks.</summary>
    /// <param name="url">The https address, or <c>$(VARIABLE)</c> when it holds a credential.</param>
    public static WebhookDeployment Webhook(string url) => new(url);

    /// <summary>Commits the digest to a kustomization, for Argo CD, Flux or another tool that watches the repository.</summary>
    /// <param name="repository">The address of the git repository.</param>
    /// <param name="path">The folder of the kustomization, or its file: <c>overlays/prod</c>.</param>
    public static KustomizeCommitDeployment KustomizeCommit(string repository, string path) => new(repository, path);

    /// <summary>Commits the digest to a Helm values file, for Argo CD, Flux or another tool that watches the repository.</summary>
    /// <param name="repository">The address of the git repository.</param>
    /// <param name="path">The values file: <c>charts/app/values-prod.yaml</c>.</param>
    /// <param name="digestKey">The key of the value that holds the digest: <c>image.digest</c>, <c>containers[0].image.digest</c>.</param>
    public static HelmValuesCommitDeployment HelmValuesCommit(string repository, string path, string digestKey = "image.digest") =>
        new(repository, path, digestKey);

    /// <summary>Sets the image of a workload by digest with <c>kubectl set image</c>, and waits until it is rolled out.</summary>
    /// <param name="context">The context of the kubeconfig.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="workload">The deployment, or another kind with its name: <c>statefulset/app</c>.</param>
    /// <param name="container">The container.</param>
    public static KubectlDeployment Kubectl(string context, string @namespace, string workload, string container) =>
        new(context, @namespace, workload, container);

    /// <summary>The environment variables that the deployment needs.</summary>
    public virtual IEnumerable<string> Variables => [];

    /// <summary>Returns the reason why the declaration is invalid; null when it is valid.</summary>
    protected virtual string? Validate() => null;

    /// <summary>True when one declaration covers all regions and all images.</summary>
    public virtual bool IsForAll => false;

    /// <summary>True when the host is known to read layers that are compressed with zstd, as containerd does since version 1.5.</summary>
    public virtual bool ReadsZstd => true;

    /// <summary>
    /// Returns true when the host is this machine. Only such a host is deployed to when the registry of its environment is a folder, which
    /// no other machine can pull from.
    /// </summary>
    /// <param name="variable">The environment variables that secrets are read from.</param>
    public virtual bool IsOnThisMachine(Func<string, string?> variable) => false;

    internal void Check(PromotionEnvironment environment)
    {
        var fault = Region is { } region
            ? environment.Regions.Contains(region) ? null : $"the environment has no region '{region}'"
            : environment.Regions.Count > 0 && !IsForAll ? "it names none of the environment's regions" : null;
        if ((fault ?? (Image is "" ? "its image has no name" : Validate())) is { } found)
            throw EnvironmentErrors.UnsoundDeployment(Description, environment.Name, found);
    }
}
