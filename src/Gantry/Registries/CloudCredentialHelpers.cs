using System.Collections.Concurrent;

namespace Gantry.Registries;

/// <summary>
/// Finds credentials for the registries of Amazon (ECR) and Google (Artifact Registry, Container Registry) with the credential helpers of
/// these clouds, where they are installed: Docker's configuration need not name them.
/// </summary>
/// <remarks>
/// The helpers are <c>docker-credential-ecr-login</c>, and <c>docker-credential-gcloud</c> or <c>docker-credential-gcr</c>. They use the
/// sign-in of the cloud: the variables, files and identities that its own tools use. A helper that fails counts as no credential, because
/// public repositories need none; a refusal then says why it failed.
/// </remarks>
/// <seealso href="https://github.com/awslabs/amazon-ecr-credential-helper">Amazon ECR credential helper</seealso>
/// <seealso href="https://cloud.google.com/artifact-registry/docs/docker/authentication">Artifact Registry, authentication</seealso>
public sealed class CloudCredentialHelpers : ICredentialSource
{
    private static readonly string[] s_amazon = ["ecr-login"];
    private static readonly string[] s_google = ["gcloud", "gcr"];

    private readonly ConcurrentDictionary<string, GantryException> _failures = new(StringComparer.OrdinalIgnoreCase);
    private readonly CredentialHelper _helper;
    private readonly Func<string, bool> _isInstalled;

    /// <summary>Uses the helpers in the folders of <c>PATH</c>.</summary>
    /// <param name="timeProvider">The clock for the time limit of helpers.</param>
    public CloudCredentialHelpers(TimeProvider? timeProvider = null)
        : this(timeProvider, IsOnPath)
    {
    }

    internal CloudCredentialHelpers(TimeProvider? timeProvider, Func<string, bool> isInstalled)
    {
        _helper = new CredentialHelper(timeProvider ?? TimeProvider.System);
        _isInstalled = isInstalled;
    }

    /// <inheritdoc/>
    public async ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (HelpersOf(host).FirstOrDefault(_isInstalled) is not { } name)
            return null;
        try
        {
            return await _helper.GetAsync(name, host, cancellationToken);
        }
        catch (GantryException failure)
        {
            _failures[host] = failure;
            return null;
        }
    }

    /// <inheritdoc/>
    public string? Advise(string host, string scopes) => HelpersOf(host) switch
    {
        [] => null,
        _ when _failures.TryGetValue(host, out var failure) => $"{failure.Remedy} ({failure.Problem})",
        var names when names.Any(_isInstalled) => null,
        [var name, ..] => $"install docker-credential-{name} and sign in to its cloud, or store a credential with docker login",
    };

    /// <summary>Returns the names of the helpers for a host, without <c>docker-credential-</c>; empty for other registries.</summary>
    private static string[] HelpersOf(string host)
    {
        var name = host.Split(':')[0];
        var isAmazon = name.Equals("public.ecr.aws", StringComparison.OrdinalIgnoreCase)
            || (name.Contains(".dkr.ecr", StringComparison.OrdinalIgnoreCase)
                && (IsIn(name, "amazonaws.com") || IsIn(name, "amazonaws.com.cn") || IsIn(name, "on.aws")));
        var isGoogle = IsIn(name, "pkg.dev") || IsIn(name, "gcr.io") || name.Equals("gcr.io", StringComparison.OrdinalIgnoreCase);
        return isAmazon ? s_amazon : isGoogle ? s_google : [];
    }

    private static bool IsIn(string host, string domain) => host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    private static bool IsOnPath(string name)
    {
        var file = $"docker-credential-{name}{(OperatingSystem.IsWindows() ? ".exe" : "")}";
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, file)));
    }
}
