using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Verification;

/// <summary>What a release is verified against: the base registry and the environments in their order, each with its keys.</summary>
public sealed record VerificationPolicy
{
    /// <summary>The base registry.</summary>
    public required RegistryAddress Base { get; init; }

    /// <summary>The keys of the build; null when releases are not signed.</summary>
    public TrustPolicy? BaseTrust { get; init; }

    /// <summary>The names of the images.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The registries of all environments, each environment after its predecessor, with the keys that are trusted there.</summary>
    public required IReadOnlyList<PromotionTarget> Targets { get; init; }

    /// <summary>
    /// Returns the policy for one environment: its own registries and those of every environment that a release passes on the way to it.
    /// Throws <c>GAN4008</c> when there is no such environment.
    /// </summary>
    /// <param name="environment">The name of the environment.</param>
    public VerificationPolicy For(string environment)
    {
        var declared = Targets.Select(target => target.Environment).Distinct().ToList();
        var path = new HashSet<string>(StringComparer.Ordinal);
        for (var at = declared.Find(each => each.Name.Equals(environment, StringComparison.OrdinalIgnoreCase))
            ?? throw EnvironmentErrors.UnknownEnvironment(environment, declared);
            at is not null && path.Add(at.Name);)
            at = at.After is { } before ? declared.Find(each => each == before) : null;
        return this with { Targets = [.. Targets.Where(target => path.Contains(target.Environment.Name))] };
    }
}
