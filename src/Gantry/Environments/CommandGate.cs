namespace Gantry.Environments;

/// <summary>
/// Runs a program, without a shell. Holds only when it ends with code 0 within its time and has written exactly one line, which is the
/// finding. The release is in environment variables: <c>GANTRY_RELEASE</c>, <c>GANTRY_ENVIRONMENT</c>, <c>GANTRY_COMMIT</c>,
/// <c>GANTRY_BRANCH</c> (not set when it is unknown), and <c>GANTRY_DIGESTS</c> with a line <c>name@sha256:…</c> for each image.
/// </summary>
/// <param name="Program">The program: a name on the PATH, or a path relative to the root of the repository.</param>
/// <param name="Arguments">The arguments, as they are.</param>
public sealed record CommandGate(string Program, IReadOnlyList<string> Arguments) : Gate
{
    /// <summary>The time after which the program and what it has started is killed.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public override string Description => $"command {string.Join(' ', Arguments.Prepend(Program))}";

    /// <inheritdoc/>
    protected override string? Validate()
    {
        if (string.IsNullOrWhiteSpace(Program))
            return "it names no program";
        if (Arguments.Prepend(Program).Any(text => text is null || text.Contains('\0', StringComparison.Ordinal)))
            return "an argument is null or contains a zero character";
        return GateLimits.Validate(TimeLimit);
    }
}
