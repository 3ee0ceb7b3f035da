using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Status;

namespace Gantry.Formatting;

/// <summary>Formats the status of environments for people: the same on a terminal, in a log and in a summary.</summary>
public static class StatusFormatter
{
    private const int LongestSubject = 60;
    private const int ShortCommit = 12;
    private const string BuildIdOfAzurePipelines = "buildId=";

    private static readonly IReadOnlyList<ReportColumn> s_columns =
    [
        new("Environment"), new("Release"), new("Since", 1), new("By", 3), new("Gates", 7), new("Signed", 2), new("Commit", 5),
        new("Build", 6), new("Image", 4),
    ];

    /// <summary>Describes a status: a row for each registry, then what a person should look at, and remarks.</summary>
    /// <param name="status">The status.</param>
    public static TextReport Describe(FleetStatus status) => new(
        "Environments",
        [
            new ReportTable(s_columns, [.. status.Targets.SelectMany(target => Rows(status, target))]),
            new ReportList([.. status.Marks.Select(Describe)]),
            new ReportList([.. status.Holds.Select(Describe)]),
            new ReportList([.. status.Notes.Select(note => new ReportItem(new($"{note.Place}: {note.Text}", ReportTone.Warning)))]),
        ]);

    /// <summary>Describes a mark: where, what is wrong, and the command that mends it.</summary>
    /// <param name="mark">The mark.</param>
    public static ReportItem Describe(StatusMark mark) => new(
        new(
            $"{mark.Place}: {mark.Code}: {mark.Problem}{(mark.Remedy is { } remedy ? $"; {remedy}" : "")}.",
            mark.Error is null ? ReportTone.Warning : ReportTone.Bad))
    {
        Details = mark.Command is { } command ? [new(command) { IsCode = true }] : [],
    };

    private static ReportItem Describe(StatusHold hold) => new(new(
        $"{hold.Environment}: held {(hold.Version is { } version ? $"at {version} " : "")}since {Format.Time(hold.Since)} by {hold.By}, "
            + $"because: {hold.Reason}",
        ReportTone.Warning));

    // Images that came together are one row.
    private static List<IReadOnlyList<ReportText>> Rows(FleetStatus status, PromotionTarget target)
    {
        var cells = status.Cells.Where(cell => cell.Target == target).ToList();
        var isWrong = status.Marks.Any(mark => IsOf(mark, target) && mark.Error is not null);
        var rows = cells
            .Where(cell => cell.Version is not null)
            .GroupBy(cell => (
                cell.Version, cell.Since, By: cell.Promotion?.By.ToString(), cell.Signature, cell.Commit, Gates: GatesOf(cell),
                IsBypassed: IsBypassed(cell)))
            .Select(row => Row(row.ToList(), status.AsOf, isWrong))
            .ToList();
        return rows.Count > 0 ? rows : [Row(target, Nothing(status, target))];
    }

    private static IReadOnlyList<ReportText> Row(PromotionTarget target, string nothing) =>
        [new(target.DisplayName), new(nothing), .. Enumerable.Repeat(ReportText.Empty, s_columns.Count - 2)];

    private static IReadOnlyList<ReportText> Row(List<StatusCell> cells, DateTimeOffset asOf, bool isWrong)
    {
        var cell = cells[0];
        var by = cell.Promotion?.By;
        return
        [
            new(cell.Target.DisplayName),
            new(
                $"{cell.Version}{(cell.Behind is > 0 and var behind ? $", {behind} behind" : "")}{(isWrong ? " (see below)" : "")}",
                ToneOf(cell, isWrong)),
            new(Since(cell, asOf)),
            new($"{by}") { Link = by?.RunUrl },
            new(GatesOf(cell)),
            new(Signed(cell), cell.Signature == SignatureState.Invalid ? ReportTone.Bad : ReportTone.Plain),
            new($"{ShortenCommit(cell.Commit)} {ShortenSubject(cell.Subject)}".TrimEnd()),
            new(BuildOf(cell.Build)) { Link = cell.Build },
            new(
                cells.Select(image => (DisplayText)$"{image.Image} {ShortenDigest(image.Digest!.Value)}"),
                isWrong ? ReportTone.Bad : ReportTone.Faint),
        ];
    }

    // A region that was read and has no release differs from the others, and that is all that is wrong with it.
    private static string Nothing(FleetStatus status, PromotionTarget target)
    {
        var marks = status.Marks.Where(mark => IsOf(mark, target) && mark.Error is not null).ToList();
        return marks.Count == 0 ? "none"
            : marks.TrueForAll(mark => mark.Kind == StatusMarkKind.Incomplete || mark.Code == "GAN5014") ? "none (see below)"
            : "cannot be read";
    }

    private static bool IsOf(StatusMark mark, PromotionTarget target) =>
        mark.Place == target.DisplayName || mark.Place == target.Environment.DisplayName;

    private static ReportTone ToneOf(StatusCell cell, bool isWrong) =>
        isWrong ? ReportTone.Bad
        : cell is { Since: not null, Superseded: null } && !IsBypassed(cell) ? ReportTone.Good
        : ReportTone.Warning;

    private static bool IsBypassed(StatusCell cell) => cell.Marks.Any(mark => mark.Kind == StatusMarkKind.OpenBypass);

    private static string Signed(StatusCell cell) => cell.Signature switch
    {
        SignatureState.Signed => IsBypassed(cell) ? "yes, bypass" : "yes",
        SignatureState.Unsigned => IsBypassed(cell) ? "no, bypass" : "no",
        SignatureState.Invalid => "not valid",
        _ => "",
    };

    private static DisplayText Since(StatusCell cell, DateTimeOffset asOf) => cell switch
    {
        { Since: null } => "not recorded",
        { Since: { } since, Superseded: { } by } =>
            $"{Format.Time(since)}, superseded at {Format.Time(by.Promoted)} by {by.Version}",
        { Since: { } since } => $"{Format.Time(since)} ({Format.Elapsed(asOf - since)})",
    };

    private static string GatesOf(StatusCell cell) => string.Join(", ", (cell.Promotion?.Gates ?? [])
        .GroupBy(gate => gate.Verdict)
        .OrderBy(verdict => verdict.Key)
        .Select(verdict => FormattableString.Invariant($"{verdict.Count()} {NameOf(verdict.Key)}")));

    /// <summary>Returns the name of a verdict, as tables show it.</summary>
    internal static string NameOf(GateVerdict verdict) => verdict switch
    {
        GateVerdict.Held => "held",
        GateVerdict.Approved => "approved",
        GateVerdict.Service => "by the service",
        _ => "overridden",
    };

    private static string ShortenCommit(string? commit) => commit is { Length: > ShortCommit } ? commit[..ShortCommit] : commit ?? "";

    private static string ShortenSubject(string? subject) => subject is null ? "" : Format.OneLine(subject, LongestSubject);

    private static string ShortenDigest(Digest digest) => $"{digest.Algorithm}:{digest.Short}";

    // The address of a run is too long for a table.
    private static string BuildOf(string? build)
    {
        if (build is null || !Uri.TryCreate(build, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            return build ?? "";
        if (address.Query.IndexOf(BuildIdOfAzurePipelines, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
            return address.Query[(at + BuildIdOfAzurePipelines.Length)..].Split('&')[0];
        return address.Fragment.Length > 1 ? address.Fragment[1..]
            : address.Segments is [.., var last] && last.Trim('/').Length > 0 ? last.Trim('/')
            : address.Host;
    }
}
