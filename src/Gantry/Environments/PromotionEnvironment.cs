using System.Globalization;

namespace Gantry.Environments;

/// <summary>
/// One environment on the way of a release, as declared in the build: <c>new("test") { After = Dev, Gates = [Gate.Approval("QA")] }</c>.
/// </summary>
/// <remarks>Environments are told apart by their names alone: a property that makes a new record at each call gives the same environment.</remarks>
/// <param name="Name">The name: letters, digits, '-' and '_', starting with a letter.</param>
public sealed record PromotionEnvironment(string Name)
{
    /// <summary>The environment that a release has to be in before it may come here; null for the first.</summary>
    public PromotionEnvironment? After { get; init; }

    /// <summary>What must hold before a release comes here.</summary>
    public IReadOnlyList<Gate> Gates { get; init; } = [];

    /// <summary>The hosts that are told when a release has come here.</summary>
    public IReadOnlyList<Deployment> Deployments { get; init; } = [];

    /// <summary>What must answer rightly before a promotion to here counts as done.</summary>
    public IReadOnlyList<HealthCheck> HealthChecks { get; init; } = [];

    /// <summary>
    /// The regions of the environment. Each has a registry of its own, and a release is promoted to all of them at once. None: the
    /// environment has one registry.
    /// </summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The name that people see, where it may hold any text.</summary>
    public string DisplayName { get; init; } = Name;

    /// <summary>As whom its registries and services are spoken to; null: as whoever is signed in.</summary>
    public EnvironmentIdentity? Identity { get; init; }

    /// <summary>What of a promoted image is locked in the environment's registries, where they can; by default nothing.</summary>
    public ImageLock Lock { get; init; }

    /// <summary>The name as an identifier for parameters, targets and stages: <c>west-europe</c> becomes <c>WestEurope</c>.</summary>
    public string Identifier => ToIdentifier(Name);

    /// <summary>The parameters that hold the addresses: <c>DevRegistry</c>, or one a region as <c>ProdWestEuropeRegistry</c>.</summary>
    public IReadOnlyList<string> RegistryParameters =>
        Regions.Count == 0 ? [Identifier + "Registry"] : [.. Regions.Select(region => Identifier + ToIdentifier(region) + "Registry")];

    /// <summary>Whether a promotion to here is only done when hosts have been told or asked.</summary>
    public bool HasHosts => Deployments.Count + HealthChecks.Count > 0;

    /// <summary>The variables of the environment that deployments and health checks take secrets from.</summary>
    public IReadOnlyList<string> DeploymentVariables =>
        [.. Deployments.SelectMany(deployment => deployment.Variables).Concat(HealthChecks.SelectMany(check => check.Variables)).Distinct()];

    /// <summary>Environments are the same when their names are.</summary>
    public bool Equals(PromotionEnvironment? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static string ToIdentifier(string name) =>
        string.Concat(name.Split('-', '_').Where(part => part.Length > 0)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(part[0])}{part[1..]}")));
}
