using System.Text.Json.Serialization;
using Gantry.Environments;

namespace Gantry.Verification.Rules;

/// <summary>A host in a declaration file. Secrets are named by their variables, as in the declaration itself.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(WebhookRule), "webhook")]
[JsonDerivedType(typeof(KustomizeRule), "kustomizeCommit")]
[JsonDerivedType(typeof(HelmRule), "helmValuesCommit")]
[JsonDerivedType(typeof(KubectlRule), "kubectl")]
[JsonDerivedType(typeof(OtherDeploymentRule), "other")]
internal abstract record DeploymentRule
{
    [JsonPropertyOrder(10)]
    public string? Image { get; init; }

    [JsonPropertyOrder(11)]
    public string? Region { get; init; }

    /// <summary>Returns the entry of a deployment. Of one that a build class has derived, it has the description.</summary>
    public static DeploymentRule Of(Deployment deployment)
    {
        DeploymentRule rule = deployment switch
        {
            WebhookDeployment it => new WebhookRule { Url = it.Url, Headers = it.Headers },
            KustomizeCommitDeployment it => new KustomizeRule
            {
                Repository = it.Repository,
                Path = it.Path,
                Branch = it.Branch,
                Token = it.Token,
                AuthorName = it.AuthorName,
                AuthorEmail = it.AuthorEmail,
                Entry = it.Entry,
            },
            HelmValuesCommitDeployment it => new HelmRule
            {
                Repository = it.Repository,
                Path = it.Path,
                Branch = it.Branch,
                Token = it.Token,
                AuthorName = it.AuthorName,
                AuthorEmail = it.AuthorEmail,
                DigestKey = it.DigestKey,
                RepositoryKey = it.RepositoryKey,
                TagKey = it.TagKey,
            },
            KubectlDeployment it => new KubectlRule
            {
                Context = it.Context,
                Namespace = it.Namespace,
                Workload = it.Workload,
                Container = it.Container,
                TimeoutSeconds = it.Timeout.TotalSeconds,
            },
            _ => new OtherDeploymentRule { Description = deployment.Description },
        };
        return rule with { Image = deployment.Image, Region = deployment.Region };
    }

    /// <summary>Returns the deployment.</summary>
    public Deployment Read() => ToDeployment() with { Image = Image, Region = Region };

    protected abstract Deployment ToDeployment();
}

internal sealed record WebhookRule : DeploymentRule
{
    public required string Url { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    protected override Deployment ToDeployment() => new WebhookDeployment(Url) { Headers = Headers };
}

internal abstract record GitCommitRule : DeploymentRule
{
    public required string Repository { get; init; }

    public required string Path { get; init; }

    public required string Branch { get; init; }

    public string? Token { get; init; }

    public required string AuthorName { get; init; }

    public required string AuthorEmail { get; init; }

    protected override Deployment ToDeployment() => ToCommit() with
    {
        Branch = Branch, Token = Token, AuthorName = AuthorName, AuthorEmail = AuthorEmail,
    };

    protected abstract GitCommitDeployment ToCommit();
}

internal sealed record KustomizeRule : GitCommitRule
{
    public string? Entry { get; init; }

    protected override GitCommitDeployment ToCommit() => new KustomizeCommitDeployment(Repository, Path) { Entry = Entry };
}

internal sealed record HelmRule : GitCommitRule
{
    public required string DigestKey { get; init; }

    public string? RepositoryKey { get; init; }

    public string? TagKey { get; init; }

    protected override GitCommitDeployment ToCommit() => new HelmValuesCommitDeployment(Repository, Path, DigestKey)
    {
        RepositoryKey = RepositoryKey, TagKey = TagKey,
    };
}

internal sealed record KubectlRule : DeploymentRule
{
    public required string Context { get; init; }

    public required string Namespace { get; init; }

    public required string Workload { get; init; }

    public required string Container { get; init; }

    public required double TimeoutSeconds { get; init; }

    protected override Deployment ToDeployment() => new KubectlDeployment(Context, Namespace, Workload, Container)
    {
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
    };
}

internal sealed record OtherDeploymentRule : DeploymentRule
{
    public required string Description { get; init; }

    protected override Deployment ToDeployment() => new NamedDeployment(Description);
}
