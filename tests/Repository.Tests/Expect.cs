namespace Repository.Tests;

internal static class Expect
{
    /// <summary>Fails with all that was found, a line each: xunit shows the first five.</summary>
    public static void Nothing(IEnumerable<string> found)
    {
        var lines = found.Order(StringComparer.Ordinal).ToList();
        if (lines.Count > 0)
            Assert.Fail(string.Join('\n', lines));
    }
}
