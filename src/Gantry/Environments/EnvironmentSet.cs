using System.Collections;
using System.Text.RegularExpressions;

namespace Gantry.Environments;

/// <summary>The environments of a build, validated and in the order in which a release passes them.</summary>
public sealed partial class EnvironmentSet : IReadOnlyList<PromotionEnvironment>
{
    private readonly IReadOnlyList<PromotionEnvironment> _ordered;

    private EnvironmentSet(IReadOnlyList<PromotionEnvironment> ordered) => _ordered = ordered;

    /// <inheritdoc/>
    public int Count => _ordered.Count;

    /// <inheritdoc/>
    public PromotionEnvironment this[int index] => _ordered[index];

    /// <summary>
    /// Validates environments and orders each after its predecessor; otherwise they stay as declared. Throws <c>GAN4003</c> for none,
    /// <c>GAN4004</c> for an invalid name, <c>GAN4005</c> for two equivalent names, <c>GAN4006</c> for an undeclared predecessor,
    /// <c>GAN4007</c> for a cycle, <c>GAN5001</c> for an invalid gate, <c>GAN4070</c> for an invalid deployment, <c>GAN4071</c> for an
    /// invalid health check, <c>GAN4612</c> for a return after a failed health check when there is none, <c>GAN4099</c> for an invalid
    /// number of slices, <c>GAN4170</c> for an invalid notification, <c>GAN4620</c> for waves that do not have each region once.
    /// </summary>
    public static EnvironmentSet Create(IReadOnlyList<PromotionEnvironment> environments)
    {
        if (environments.Count == 0)
            throw EnvironmentErrors.NoEnvironments();

        foreach (var environment in environments)
            WaveRules.Check(environment);
        CheckNames(environments);
        CheckOrder(environments);
        foreach (var environment in environments)
        {
            foreach (var gate in environment.Gates)
                gate.Check(environment);
            environment.Identity?.Check($"the environment '{environment.Name}'");
            foreach (var deployment in environment.Deployments)
                deployment.Check(environment);
            foreach (var check in environment.HealthChecks)
                check.Check(environment);
            foreach (var channel in environment.Notifications)
                channel.Check(environment);
            HealthCheck.CheckRegions(environment);
            if (environment is { ReturnsOnFailure: true, HealthChecks.Count: 0 })
                throw EnvironmentErrors.NothingToReturnAfter(environment.Name);
            if (environment.Slices is < 1 or > Limits.Slices)
                throw EnvironmentErrors.UnusableSlices(environment.Name, environment.Slices);
        }

        return new EnvironmentSet(Order(environments));
    }

    /// <summary>Finds the environment with this name, ignoring case; throws <c>GAN4008</c> when there is none.</summary>
    public PromotionEnvironment Find(string name) =>
        _ordered.FirstOrDefault(environment => environment.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw EnvironmentErrors.UnknownEnvironment(name, _ordered);

    /// <summary>Returns true when a text can be the name of an environment or region.</summary>
    internal static bool IsName(string text) => NamePattern().IsMatch(text);

    /// <inheritdoc/>
    public IEnumerator<PromotionEnvironment> GetEnumerator() => _ordered.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void CheckNames(IReadOnlyList<PromotionEnvironment> environments)
    {
        // "base" would need the parameter of the base registry.
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["BaseRegistry"] = "the base registry" };
        foreach (var environment in environments)
        {
            foreach (var name in environment.Regions.Prepend(environment.Name))
            {
                if (!IsName(name))
                    throw EnvironmentErrors.UnusableEnvironmentName(name);
            }

            foreach (var parameter in environment.RegistryParameters)
            {
                if (parameters.TryGetValue(parameter, out var other))
                    throw EnvironmentErrors.AmbiguousEnvironments(environment.Name, other, parameter);
                parameters.Add(parameter, $"'{environment.Name}'");
            }
        }

        var identifiers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var environment in environments)
        {
            if (identifiers.TryGetValue(environment.Identifier, out var other))
                throw EnvironmentErrors.AmbiguousEnvironments(environment.Name, $"'{other}'", environment.Identifier);
            identifiers.Add(environment.Identifier, environment.Name);
        }
    }

    private static void CheckOrder(IReadOnlyList<PromotionEnvironment> environments)
    {
        var declared = environments.ToDictionary(environment => environment.Name);
        foreach (var environment in environments)
        {
            // Use the declared environment, not the copy in After: both have the same name, but only the former was validated.
            var way = new List<string> { environment.Name };
            for (var at = environment; at.After is { } after; at = declared[after.Name])
            {
                if (!declared.ContainsKey(after.Name))
                    throw EnvironmentErrors.UndeclaredPredecessor(at.Name, after.Name);
                var circle = way.Contains(after.Name);
                way.Add(after.Name);
                if (circle)
                    throw EnvironmentErrors.CircularEnvironments(way);
            }
        }
    }

    private static List<PromotionEnvironment> Order(IReadOnlyList<PromotionEnvironment> environments)
    {
        var ordered = new List<PromotionEnvironment>();
        while (ordered.Count < environments.Count)
            ordered.Add(environments.First(next => !ordered.Contains(next) && (next.After is null || ordered.Contains(next.After))));
        return ordered;
    }

    [GeneratedRegex(
        @"\A[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
