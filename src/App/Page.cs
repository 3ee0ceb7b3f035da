using System.Net;

namespace App;

/// <summary>The page that shows which build is running.</summary>
internal static class Page
{
    private static readonly Lazy<string> Template = new(Load);

    public static string Render(BuildInformation build) => Template.Value
        .Replace("{{version}}", WebUtility.HtmlEncode(build.Version), StringComparison.Ordinal)
        .Replace("{{commit}}", WebUtility.HtmlEncode(build.Commit), StringComparison.Ordinal)
        .Replace("{{buildId}}", WebUtility.HtmlEncode(build.BuildId), StringComparison.Ordinal);

    private static string Load()
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream("Page.html")
            ?? throw new InvalidOperationException("Page.html is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
