using Gantry.Promotion;

namespace Gantry.Status;

/// <summary>Creates the remarks of a status, about what is no error.</summary>
internal static class StatusNotes
{
    private const int NamedVersions = 5;

    /// <summary>Returns the remarks about one registry.</summary>
    public static IEnumerable<StatusNote> Of(EnvironmentStatus status) =>
        Lines(status).Select(line => new StatusNote(status.Target.DisplayName, Format.Line(line)));

    private static IEnumerable<DisplayText> Lines(EnvironmentStatus status)
    {
        if (status.Release is { Since: null })
            yield return "no promotion is recorded there, so the release is the highest version, and not necessarily the latest";
        if (status.Target.Environment.HasHosts && status.Release is { Record: not null, HostsConfirmed: false })
            yield return "the images are in place, and nothing confirms that the hosts run them";
        if (status.Target.Trust is null)
            yield return "not signed: there is no key for it";
        if (status.UnrecordedVersions.Count > 0)
            yield return $"images without a promotion record: {Names(status.UnrecordedVersions)}";
        if (status.IgnoredPlaces.Count > 0)
            yield return $"promotion records of other places do not count there: {Names(status.IgnoredPlaces)}";
    }

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamedVersions)) + (names.Count > NamedVersions ? $" and {names.Count - NamedVersions} more" : "");
}
