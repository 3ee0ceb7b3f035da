using System.Xml;

namespace Gantry.Nuke.Testing;

/// <summary>Reports the progress of a run of several test projects each time one of them ends.</summary>
/// <param name="projects">The names of all projects.</param>
/// <param name="resultFolder">The folder of their result files, which are named after the projects.</param>
/// <param name="started">The start time of the run: older result files belong to another run.</param>
/// <param name="report">Receives the line.</param>
internal sealed class TestProgress(IEnumerable<string> projects, string resultFolder, DateTimeOffset started, Action<string> report)
{
    private readonly List<string> _left = [.. projects];
    private int _ended;

    /// <summary>Reports the result of a project that has ended, and the projects that are still running.</summary>
    public void Ended(string project)
    {
        lock (_left)
        {
            _ended++;
            _left.Remove(project);
            var left = _left.Count == 0 ? "" : $", left: {string.Join(", ", _left)}";
            report($"{project}: {ResultOf(project)}; {_ended} of {Format.Count(_ended + _left.Count, "test project")} done{left}");
        }
    }

    private string ResultOf(string project)
    {
        var file = new FileInfo(Path.Combine(resultFolder, project + ".trx"));
        if (!file.Exists || file.LastWriteTimeUtc < started.UtcDateTime)
            return "ended without results";
        try
        {
            var result = TestResultFile.Read(file.FullName);
            return $"{result.Passed} passed, {result.Failed} failed, {result.Skipped.Count} skipped in {result.Duration:m\\:ss}";
        }
        catch (XmlException)
        {
            // The process was terminated while it wrote the file; its exit code reports that as well.
            return "ended without results that can be read";
        }
    }
}
