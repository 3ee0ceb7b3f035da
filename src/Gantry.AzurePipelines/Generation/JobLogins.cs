using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The logins of a job: steps around those of its steps that need them, and variables of these.</summary>
internal sealed record JobLogins
{
    private static readonly string Always = Expression.Call("always").ToString();

    /// <summary>The steps before the first step that needs a login.</summary>
    public IReadOnlyList<Step> LogIn { get; init; } = [];

    /// <summary>The steps after the last one.</summary>
    public IReadOnlyList<Step> LogOut { get; init; } = [];

    /// <summary>The variables of each step that needs a login.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>
    /// Returns the logins to registries. A job has one credential for a host: that of the first registry with a login counts.
    /// </summary>
    public static JobLogins Of(IEnumerable<RegistryUse> uses)
    {
        var logins = uses
            .Where(use => use.Login is not (null or NoRegistryLogin))
            .DistinctBy(use => use.Host?.Host ?? use.Registry.Parameter, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var connections = logins
            .Select(use => (use.Login as DockerRegistryLogin)?.ServiceConnection)
            .OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();

        // The task starts a new Docker configuration, which would hide what a step before it has stored.
        return new()
        {
            LogIn =
            [
                .. connections.Select(connection => Docker(connection, "login", $"Sign in with {connection}")),
                .. Distinct(logins.SelectMany(use =>
                    use.Login is OwnRegistryLogin own ? OwnSteps.At(own.LogIn, $"{use.Path}.Login.LogIn") : [])),
            ],
            LogOut =
            [
                .. Distinct(logins.SelectMany(use =>
                    use.Login is OwnRegistryLogin own ? OwnSteps.At(own.LogOut, $"{use.Path}.Login.LogOut") : [])).Select(InAnyCase),
                .. connections.Select(connection => InAnyCase(Docker(connection, "logout", $"Sign out of {connection}"))),
            ],
            Variables =
                [.. logins.SelectMany(use => use.Login is PasswordRegistryLogin password ? password.EnvironmentFor(use.Registry) : [])],
        };
    }

    /// <summary>Returns these logins, and others after them.</summary>
    public JobLogins And(JobLogins other) => new()
    {
        LogIn = [.. LogIn, .. other.LogIn],
        LogOut = [.. other.LogOut, .. LogOut],
        Variables = [.. Variables, .. other.Variables],
    };

    /// <summary>Adds the logins to the steps of a job.</summary>
    public IReadOnlyList<Step> AddTo(IReadOnlyList<Step> steps)
    {
        var all = steps.Select(step => step.NeedsLogin ? step with { LoginVariables = Variables } : step).ToList();
        var first = all.FindIndex(step => step.NeedsLogin);
        if (first < 0)
            return steps;
        var end = all.FindLastIndex(step => step.NeedsLogin) + 1;
        return [.. all[..first], .. LogIn, .. all[first..end], .. LogOut, .. all[end..]];
    }

    /// <summary>Lets a step run whatever the result of those before it was, unless it has a condition.</summary>
    public static Step InAnyCase(Step step) => step.Condition is null ? step with { Condition = Always } : step;

    /// <summary>Returns each step once: the same login may be declared in several places.</summary>
    public static IEnumerable<Step> Distinct(IEnumerable<Step> steps) => steps.DistinctBy(step => step.ToYaml());

    private static TaskStep Docker(string connection, string command, string displayName) => new TaskStep("Docker@2")
    {
        DisplayName = displayName,
        IsRepeatable = true,
        Inputs = [BuildSteps.Input("command", command), BuildSteps.Input("containerRegistry", connection)],
    };
}
