using Gantry.Status;

namespace Gantry.Formatting;

/// <summary>Formats everything that is known about a digest, for people.</summary>
public static class AuditFormatter
{
    private static readonly IReadOnlyList<ReportColumn> s_columns =
        [new("Time"), new("Place"), new("What"), new("By", 2), new("Counts"), new("Key", 1), new("Document", 3)];

    /// <summary>Describes an audit, the earliest first.</summary>
    /// <param name="audit">The audit.</param>
    public static TextReport Describe(DigestAudit audit) => new(
        $"Audit of {audit.Image}{(audit.Version is { } version ? " " + version : "")}",
        [
            new ReportList([new(new($"{audit.Image}@{audit.Digest}") { IsCode = true })]),
            new ReportTable(s_columns, [.. audit.Entries.Select(Row)]),
            new ReportList([.. audit.Entries.Where(entry => entry.Error is not null).Select(entry => new ReportItem(new(
                $"{ReasonOf(entry.State)}: {entry.Place}: {entry.Error!.Message}", ReportTone.Warning)))]),
            new ReportList([.. audit.Places.Where(place => place.IsThere == false).Select(place => new ReportItem(new(
                $"{place.Name}: the image is not in {place.Location}")))]),
            new ReportList([.. audit.Problems.Select(problem => new ReportItem(new(
                $"{problem.Place}: cannot be read: {problem.Error.Message}", ReportTone.Bad)))]),
            new ReportList([new(new(
                $"{Format.Count(Count(audit, AuditState.Verified), "signed document")} verified, {Count(audit, AuditState.Unsigned)} "
                    + $"not signed, {Count(audit, AuditState.Unverified)} not verified here, {Count(audit, AuditState.Ignored)} "
                    + "without effect"))]),
        ]);

    private static IReadOnlyList<ReportText> Row(AuditEntry entry) =>
    [
        new(entry.Time is { } time ? Format.Time(time) : "not known"),
        new(((DisplayText[])[entry.Place, .. entry.Copies.Select(copy => (DisplayText)copy)])),
        new(entry.Text),
        new($"{entry.By}") { Link = entry.Promotion?.By.RunUrl },
        new(NameOf(entry.State), ToneOf(entry.State)),
        new($"{entry.Key}"),
        new(entry.Document is { } document ? $"{document.Algorithm}:{document.Short}" : "", ReportTone.Faint),
    ];

    private static int Count(DigestAudit audit, AuditState state) => audit.Entries.Count(entry => entry.State == state);

    private static string NameOf(AuditState state) => state switch
    {
        AuditState.Verified => "yes",
        AuditState.Unsigned => "not signed",
        AuditState.Unverified => "not verified",
        _ => "no",
    };

    private static string ReasonOf(AuditState state) => state == AuditState.Unverified ? "not verified" : "does not count";

    private static ReportTone ToneOf(AuditState state) => state switch
    {
        AuditState.Verified => ReportTone.Good,
        AuditState.Ignored => ReportTone.Bad,
        _ => ReportTone.Warning,
    };
}
