using Gantry.Nuke.Testing;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Testing;

public sealed class TestProgressTests : IDisposable
{
    private static readonly DateTimeOffset s_started = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly TempFolder _results = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Each_project_is_reported_with_its_result_and_the_number_left()
    {
        Write("A.Tests", s_started + TimeSpan.FromMinutes(2));
        Write("B.Tests", s_started - TimeSpan.FromDays(1));
        var progress = new TestProgress(["A.Tests", "B.Tests", "C.Tests"], _results.Path, s_started, _lines.Add);

        progress.Ended("B.Tests");
        progress.Ended("A.Tests");
        progress.Ended("C.Tests");

        Assert.Equal(
            [
                "B.Tests: ended without results; 1 of 3 test projects done, left: A.Tests, C.Tests",
                "A.Tests: 2 passed, 1 failed, 1 skipped in 1:23; 2 of 3 test projects done, left: C.Tests",
                "C.Tests: ended without results; 3 of 3 test projects done",
            ],
            _lines);
    }

    [Fact]
    public void Truncated_results_are_reported_as_unreadable()
    {
        File.SetLastWriteTimeUtc(_results.Write("A.Tests.trx", "<TestRun><Results>"u8.ToArray()), s_started.UtcDateTime);

        new TestProgress(["A.Tests"], _results.Path, s_started, _lines.Add).Ended("A.Tests");

        Assert.Equal(["A.Tests: ended without results that can be read; 1 of 1 test project done"], _lines);
    }

    public void Dispose() => _results.Dispose();

    private void Write(string project, DateTimeOffset written)
    {
        var file = _results.Write(project + ".trx", """
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
              <Times creation="2026-01-02T03:04:00Z" queuing="2026-01-02T03:04:00Z" start="2026-01-02T03:04:30.5Z" finish="2026-01-02T03:05:54Z" />
              <Results>
                <UnitTestResult testName="A" outcome="Passed" />
                <UnitTestResult testName="B" outcome="Passed" />
                <UnitTestResult testName="C" outcome="Failed" />
                <UnitTestResult testName="D" outcome="NotExecuted" />
              </Results>
            </TestRun>
            """u8.ToArray());
        File.SetLastWriteTimeUtc(file, written.UtcDateTime);
    }
}
