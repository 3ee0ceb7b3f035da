namespace Gantry.Environments;

/// <summary>
/// Asks an HTTP endpoint. Holds only for a success with the JSON <c>{"holds": true, "reason": "…"}</c>: an error, another answer, an empty
/// one and one that comes too late do not hold. Redirects are not followed.
/// </summary>
/// <param name="Url">An https address (http on this machine), which may contain environment variables: <c>$(CHANGES_URL)</c>. User name and
/// password in a variable's address become basic credentials.</param>
public sealed record HttpGate(string Url) : Gate
{
    /// <summary>The headers; a value may contain environment variables: <c>Bearer $(CHANGES_TOKEN)</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// True to send <c>GET</c> with the parameters <c>release</c> and <c>environment</c>. By default, <c>POST</c> with the release, its
    /// images and the environment as JSON.
    /// </summary>
    public bool UsesGet { get; init; }

    /// <summary>The time limit for the whole answer.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override string Description => $"answer of {HookAddress.Describe(Url)}";

    /// <inheritdoc/>
    public override IEnumerable<string> Variables => VariableExpander.FindNames([Url, .. Headers.Values]);

    /// <inheritdoc/>
    protected override string? Validate() =>
        GateLimits.Validate(TimeLimit) ?? HookAddress.Validate(Url, plainHttp: false) ?? HookAddress.ValidateHeaders(Headers);
}

/// <summary>Validates time limits of gates.</summary>
internal static class GateLimits
{
    /// <summary>The longest time that a promotion waits for the answer of a gate.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(1);

    /// <summary>Returns the reason why a time limit is none; null when it is valid.</summary>
    public static string? Validate(TimeSpan limit) => limit > TimeSpan.Zero && limit <= Longest
        ? null
        : $"its time limit is {limit}, which is not between zero and {Format.Duration(Longest)}";
}
