using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.GitHubActions.Expressions;
using Gantry.Oci;

namespace Gantry.GitHubActions.Generation;

/// <summary>The sign-ins of a job: to Azure and to other registries, with the rights that its token needs for them.</summary>
internal sealed record SignIns
{
    private const string PackageHost = "ghcr.io";

    private readonly WorkflowDeclaration _declaration;

    private SignIns(WorkflowDeclaration declaration) => _declaration = declaration;

    /// <summary>The identity for Azure; null when the job does not sign in there.</summary>
    public AzureLogin? Azure { get; private init; }

    /// <summary>The hosts of registries that are not of Azure and not on this machine.</summary>
    public IReadOnlyList<string> Hosts { get; private init; } = [];

    /// <summary>The hosts without a credential.</summary>
    public IEnumerable<string> Missing => Hosts.Where(host =>
        host != PackageHost && LoginOf(host) is null && Passwords.All(known => HostOf(known.Registry) != host));

    /// <summary>True when the token of the job signs in to GitHub's own registry.</summary>
    public bool ReadsPackages => Hosts.Contains(PackageHost) && LoginOf(PackageHost) is null;

    /// <summary>True when the job also writes there.</summary>
    public bool WritesPackages => ReadsPackages && Targets.Contains(PackageHost);

    /// <summary>The registries for which the build itself gets a user name and a password.</summary>
    private IReadOnlyList<(PipelineRegistry Registry, PasswordRegistryLogin Login)> Passwords { get; init; } = [];

    /// <summary>The hosts that the job writes to.</summary>
    private IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Returns the sign-ins of the job that publishes, or of the one that only finds a release.</summary>
    public static SignIns OfBase(WorkflowDeclaration declaration, bool publishes = true)
    {
        var registry = declaration.Pipeline.BaseRegistry;
        if (declaration.Pipeline.Transport == ImageTransport.Artifact)
            return new(declaration);
        PipelineRegistry[] registries = [registry];
        return Create(
            declaration, publishes ? registries : [], publishes ? [] : registries, registry.ServiceConnection, azure: null, publishes);
    }

    /// <summary>
    /// Returns the sign-ins of a promotion, which also reads the base registry and, for the stay of a release, the previous environment and
    /// earlier waves of regions.
    /// </summary>
    /// <param name="declaration">The declaration.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="region">The only region that the job promotes to, whose registry alone it writes to; null for all.</param>
    public static SignIns Of(WorkflowDeclaration declaration, PipelineEnvironment environment, string? region)
    {
        var number = region is null ? -1 : environment.Environment.Regions.ToList().IndexOf(region);
        PipelineRegistry[] targets = [.. environment.Registries.Where((_, i) => number < 0 || i == number)];
        var before = declaration.Pipeline.Environments
            .Where(known => known.Environment == environment.Environment.After)
            .SelectMany(known => known.Registries);
        var wave = environment.Environment.WaveOf(region);
        var earlier = environment.Registries.Where((_, i) =>
            environment.Environment.WaveOf(environment.Environment.Regions.ElementAtOrDefault(i)) < wave);
        PipelineRegistry[] source =
            declaration.Pipeline.Transport == ImageTransport.Artifact ? [] : [declaration.Pipeline.BaseRegistry];
        var settings = declaration.SettingsOf(environment.Environment);
        var own = region is null ? null : targets.Select(registry => registry.ServiceConnection).FirstOrDefault();
        return Create(
            declaration,
            targets,
            [.. source, .. before, .. earlier],
            own ?? environment.ServiceConnection,
            region is null ? settings.Azure : settings.RegionAzure.GetValueOrDefault(region) ?? settings.Azure,
            signs: true);
    }

    /// <summary>Returns the sign-ins of a job that reads the registries and hosts of all environments, and writes nothing.</summary>
    public static SignIns OfAll(WorkflowDeclaration declaration)
    {
        var pipeline = declaration.Pipeline;
        PipelineRegistry[] source = pipeline.Transport == ImageTransport.Artifact ? [] : [pipeline.BaseRegistry];
        return Create(
            declaration,
            targets: [],
            [.. source, .. pipeline.Environments.SelectMany(environment => environment.Registries)],
            pipeline.Environments.Select(environment => environment.ServiceConnection).FirstOrDefault(known => known is not null),
            azure: null,
            signs: false);
    }

    /// <summary>Returns the steps that sign in.</summary>
    public IEnumerable<WorkflowStep> Steps()
    {
        if (Azure is { } azure)
            yield return WorkflowStep.Uses(_declaration.Actions.AzureLogin, [.. Inputs(azure)]) with { Name = "Sign in to Azure" };
        foreach (var host in Hosts)
        {
            if (LoginOf(host) is { } login)
                yield return Login(host, Expression.Of("vars", login.UserName), Expression.Of("secrets", login.Password));
            else if (host == PackageHost)
                yield return Login(host, Expression.Of("github", "actor"), Expression.Of("github", "token"));
        }
    }

    /// <summary>
    /// Returns a call of the build with its credentials: the ids for Azure, with which a long promotion signs in again, and the user names
    /// and passwords of registries.
    /// </summary>
    public WorkflowStep Under(WorkflowStep call) => call with
    {
        Environment =
        [
            .. Azure is { } azure
                ?
                [
                    KeyValuePair.Create("AZURE_CLIENT_ID", Expression.Of("vars", azure.ClientId).Wrapped),
                    KeyValuePair.Create("AZURE_TENANT_ID", Expression.Of("vars", azure.TenantId).Wrapped),
                ]
                : Array.Empty<KeyValuePair<string, string>>(),
            .. Passwords.SelectMany(known => VariablesOf(known.Registry.Parameter, known.Login)),
            .. call.Environment,
        ],
    };

    private static SignIns Create(
        WorkflowDeclaration declaration, IReadOnlyList<PipelineRegistry> targets, IReadOnlyList<PipelineRegistry> sources,
        string? connection, AzureLogin? azure, bool signs)
    {
        var hosts = HostsOf([.. targets, .. sources]);
        var isAzure = connection is not null
            || (signs && declaration.Pipeline.SignsWithKeyVault)
            || hosts.Any(host => AcrHost.FindDomain(host) is not null);
        return new(declaration)
        {
            Azure = isAzure ? azure ?? declaration.Azure : null,
            Hosts = [.. hosts.Where(host => AcrHost.FindDomain(host) is null)],
            Targets = HostsOf(targets),
            Passwords =
            [
                .. targets.Select(registry => (Registry: registry, registry.Login))
                    .Concat(sources.Select(registry => (Registry: registry, Login: registry.ReadLogin ?? registry.Login)))
                    .Where(known => known.Login is PasswordRegistryLogin)
                    .Select(known => (known.Registry, (PasswordRegistryLogin)known.Login!))
                    .DistinctBy(known => known.Registry.Parameter),
            ],
        };
    }

    // A user name that is not declared is a variable of GitHub, the password a secret, both named after the parameter.
    private static IEnumerable<KeyValuePair<string, string>> VariablesOf(string parameter, PasswordRegistryLogin login)
    {
        var (user, password) = (RegistryVariables.UserOf(parameter), RegistryVariables.PasswordOf(parameter));
        yield return new(user, login.User ?? Expression.Of("vars", user).Wrapped);
        yield return new(password, Expression.Of("secrets", login.PasswordVariable ?? password).Wrapped);
    }

    private static string? HostOf(PipelineRegistry registry) =>
        registry.Address is { } address && RegistryAddress.Parse(address) is HostAddress host ? host.Host : null;

    private static IReadOnlyList<string> HostsOf(IReadOnlyList<PipelineRegistry> registries) =>
    [
        .. registries
            .Select(registry => registry.Address)
            .OfType<string>()
            .Select(RegistryAddress.Parse)
            .OfType<HostAddress>()
            .Where(address => !address.IsLoopback)
            .Select(address => address.Host)
            .Distinct(),
    ];

    private static IEnumerable<(string Name, string Value)> Inputs(AzureLogin azure)
    {
        yield return ("client-id", Expression.Of("vars", azure.ClientId).Wrapped);
        yield return ("tenant-id", Expression.Of("vars", azure.TenantId).Wrapped);
        if (azure.SubscriptionId is { } subscription)
            yield return ("subscription-id", Expression.Of("vars", subscription).Wrapped);
        else
            yield return ("allow-no-subscriptions", "true");
    }

    private WorkflowStep Login(string host, Expression user, Expression password) => WorkflowStep.Uses(
        _declaration.Actions.RegistryLogin, ("registry", host), ("username", user.Wrapped), ("password", password.Wrapped)) with
    {
        Name = $"Sign in to {host}",
    };

    private RegistryLogin? LoginOf(string host) =>
        _declaration.Logins.FirstOrDefault(login => login.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
}
