namespace Repository.Tests;

internal static class Expect
{
    /// <summary>Fails with all findings, one a line: xunit shows only the first five.</summary>
    public static void Nothing(IEnumerable<string> found)
    {
        var lines = found.Order(StringComparer.Ordinal).ToList();
        if (lines.Count > 0)
            Assert.Fail(string.Join('\n', lines));
    }
}
