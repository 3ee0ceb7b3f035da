using Gantry.Environments;
using Gantry.Status;

namespace Gantry.Drift;

/// <summary>One thing that is not as it was promoted, or that could not be read.</summary>
public sealed record DriftFinding
{
    /// <summary>The kind.</summary>
    public required StatusMarkKind Kind { get; init; }

    /// <summary>The code in docs/diagnostics.md.</summary>
    public required string Code { get; init; }

    /// <summary>The place, for people: <c>prod, west-europe</c>.</summary>
    public required string Place { get; init; }

    /// <summary>The name of the image; null when it concerns the whole place.</summary>
    public string? Image { get; init; }

    /// <summary>The host, for people: <c>App Service contoso-prod</c>; null when it is about the registry.</summary>
    public string? Host { get; init; }

    /// <summary>What was promoted: a reference, or a version; null when the problem alone says it.</summary>
    public string? Expected { get; init; }

    /// <summary>What is there; null when the problem alone says it.</summary>
    public string? Found { get; init; }

    /// <summary>The problem, as one sentence without a full stop.</summary>
    public required string Problem { get; init; }

    /// <summary>The remedy, as one sentence.</summary>
    public string? Remedy { get; init; }

    /// <summary>The command that mends it; null when there is none.</summary>
    public string? Command { get; init; }

    /// <summary>The error, for the end of a run.</summary>
    public GantryException Error => new(Code, Problem, Remedy ?? (Command is null ? "find out who changed it" : $"run {Command}"));

    /// <summary>True when something was found to be different; false when something could not be read.</summary>
    public bool IsDrift => Kind != StatusMarkKind.Unreadable;

    /// <summary>The text that is the same for the same finding in each run.</summary>
    internal string Identity => string.Join('|', Kind, Code, Place, Image, Host, Problem);

    /// <summary>
    /// Returns true for the kinds that a verification reports. Others are states that people chose: a bypass, a hold, a release that waits.
    /// </summary>
    /// <param name="kind">The kind.</param>
    public static bool IsReported(StatusMarkKind kind) => kind is StatusMarkKind.Unreadable or StatusMarkKind.MovedTag
        or StatusMarkKind.Unattested or StatusMarkKind.BrokenOrder or StatusMarkKind.OtherOnHosts or StatusMarkKind.Incomplete;

    /// <summary>Returns the mark of a status for this finding.</summary>
    public StatusMark ToMark() => new()
    {
        Kind = Kind,
        Code = Code,
        Place = Place,
        Image = Image,
        Problem = Problem,
        Remedy = Remedy,
        Command = Command,
    };

    internal static DriftFinding Of(StatusMark mark) => new()
    {
        Kind = mark.Kind,
        Code = mark.Code,
        Place = mark.Place,
        Image = mark.Image,
        Problem = mark.Problem,
        Remedy = mark.Remedy,
        Command = mark.Command,
    };

    /// <summary>Creates the finding about a host.</summary>
    internal static DriftFinding OfHost(
        StatusMarkKind kind, PromotionTarget target, string host, string? image, GantryException error) => new()
    {
        Kind = kind,
        Code = error.Code,
        Place = target.DisplayName,
        Image = image,
        Host = host,
        Problem = error.Problem,
        Remedy = error.Remedy,
    };
}
