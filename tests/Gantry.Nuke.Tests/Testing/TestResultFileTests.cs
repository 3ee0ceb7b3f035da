using Gantry.Nuke.Testing;

namespace Gantry.Nuke.Tests.Testing;

public sealed class TestResultFileTests
{
    [Fact]
    public void Outcomes_are_counted_and_skipped_tests_have_their_reasons()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """
                <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
                  <UnitTestResult testName="A" outcome="Passed" />
                  <UnitTestResult testName="B" outcome="Passed" />
                  <UnitTestResult testName="C" outcome="Failed"><Output><ErrorInfo><Message>no</Message></ErrorInfo></Output></UnitTestResult>
                  <UnitTestResult testName="D" outcome="NotExecuted"><Output><ErrorInfo><Message>no registry</Message></ErrorInfo></Output></UnitTestResult>
                  <UnitTestResult testName="E" outcome="NotExecuted"><Output><StdOut>no engine</StdOut></Output></UnitTestResult>
                  <UnitTestResult testName="F" outcome="NotExecuted" />
                </Results></TestRun>
                """);

            var result = TestResultFile.Read(file);

            Assert.Equal((2, 1), (result.Passed, result.Failed));
            Assert.Equal(["no registry", "no engine", "no reason given"], result.Skipped.Select(test => test.Reason));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
