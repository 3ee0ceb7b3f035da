using System.Xml.Linq;

namespace Gantry.Nuke.Testing;

/// <summary>The content of one test result file (.trx).</summary>
internal sealed record TestResultFile(int Passed, int Failed, IReadOnlyList<SkippedTest> Skipped)
{
    /// <summary>The time from the start of the first test to the end of the last one.</summary>
    public TimeSpan Duration { get; init; }

    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static TestResultFile Read(string path)
    {
        var document = XDocument.Load(path);
        var results = document.Descendants(Trx + "UnitTestResult").ToLookup(result => (string?)result.Attribute("outcome"));
        var times = document.Descendants(Trx + "Times").FirstOrDefault();
        return new TestResultFile(
            results["Passed"].Count(),
            results["Failed"].Count(),
            results["NotExecuted"].Select(result => new SkippedTest((string?)result.Attribute("testName") ?? "", Reason(result))).ToList())
        {
            Duration = (DateTimeOffset?)times?.Attribute("finish") - (DateTimeOffset?)times?.Attribute("start") ?? TimeSpan.Zero,
        };
    }

    // The runner writes the reason into the error message or into the output, depending on its version.
    private static string Reason(XElement result) =>
        result
            .Descendants(Trx + "Message")
            .Concat(result.Descendants(Trx + "StdOut"))
            .Select(text => text.Value.Trim())
            .FirstOrDefault(text => text.Length > 0)
        ?? "no reason given";
}

/// <summary>A test that did not run.</summary>
internal sealed record SkippedTest(string Name, string Reason);
