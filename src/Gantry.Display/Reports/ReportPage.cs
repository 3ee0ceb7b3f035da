using Gantry.Display.Html;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>
/// Writes the page about all environments: one HTML file that loads nothing, needs no script to be read, and shows what others wrote
/// without letting it act.
/// </summary>
/// <param name="report">What the page shows.</param>
public sealed class ReportPage(FleetReport report)
{
    private static readonly InlineCode s_style = InlineCode.Read("report.css");
    private static readonly InlineCode s_script = InlineCode.Read("report.js");
    private static readonly InlineCode s_reload = InlineCode.Read("reload.js");

    /// <summary>Masks the credentials of a session in every text; null to mask nothing.</summary>
    public SecretMask? Secrets { get; init; }

    /// <summary>The policy for what a browser may load and run: this style and these scripts, and nothing else.</summary>
    internal static string PolicyOf(bool reloads) => string.Join(
        "; ",
        "default-src 'none'",
        $"style-src {s_style.Hash}",
        $"script-src {s_script.Hash}" + (reloads ? $" {s_reload.Hash}" : ""),
        $"connect-src {(reloads ? "'self'" : "'none'")}",
        "base-uri 'none'",
        "form-action 'none'");

    /// <summary>Writes the page.</summary>
    /// <param name="writer">Receives the page; its encoding must be UTF-8.</param>
    public void Write(TextWriter writer) => Write(writer, served: null);

    /// <summary>Writes the page into a folder as <c>index.html</c>, which appears when it is complete. Returns its path.</summary>
    /// <param name="folder">The folder, which is created.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<string> WriteFileAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(Path.GetFullPath(folder), "index.html");
        using var text = new StringWriter { NewLine = "\n" };
        Write(text);
        var temporary = path + ".new";
        await File.WriteAllTextAsync(temporary, text.ToString(), cancellationToken);
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    /// <summary>Writes the page for a file, or for a server that says when there is a newer one.</summary>
    /// <param name="writer">Receives the page.</param>
    /// <param name="served">The number of the page on the server; null for a file, which never loads again.</param>
    internal void Write(TextWriter writer, string? served)
    {
        var output = new HtmlOutput(writer, Secrets);
        output.WriteDoctype();
        var index = new ReportIndex(report);
        HtmlElement.Of(HtmlTag.Html, Head(served is not null), Body(index, served)).Set(HtmlAttribute.Lang, "en").Write(output);
    }

    private HtmlElement Head(bool reloads) => HtmlElement.Of(
        HtmlTag.Head,
        new HtmlElement(HtmlTag.Meta).Set(HtmlAttribute.Charset, "utf-8"),
        new HtmlElement(HtmlTag.Meta)
            .Set(HtmlAttribute.HttpEquiv, "Content-Security-Policy")
            .Set(HtmlAttribute.Content, PolicyOf(reloads)),
        Meta("referrer", "no-referrer"),
        Meta("viewport", "width=device-width, initial-scale=1"),
        Meta("color-scheme", "light dark"),
        HtmlElement.Of(HtmlTag.Title, StatusSentence.Of(report.Status) + (report.Name is { } name ? $" – {name}" : "")),
        HtmlElement.Of(HtmlTag.Style, s_style));

    private static HtmlElement Meta(string name, string content) =>
        new HtmlElement(HtmlTag.Meta).Set(HtmlAttribute.MetaName, name).Set(HtmlAttribute.Content, content);

    private HtmlElement Body(ReportIndex index, string? served) => HtmlElement.Of(
        HtmlTag.Body,
        HtmlElement.Of(HtmlTag.A, "Skip to content").LinkTo("content").Class("skip"),
        HtmlElement.Of(
            HtmlTag.Header,
            report.Name is { } name ? HtmlElement.Of(HtmlTag.P, name).Class("name") : null,
            HtmlElement.Of(HtmlTag.H1, StatusSentence.Of(index.Status)),
            HtmlElement.Of(HtmlTag.P, "As of ", PageParts.Time(index.Now), ", as the registries prove it").Class("age"),
            Sections(index)),
        HtmlElement.Of(
            HtmlTag.Main,
            MatrixSection.Create(index),
            WaySection.Create(index),
            HistorySection.Create(index),
            ProblemSection.Create(index),
            VerificationSection.Create(index))
            .Id("content")
            .Set(HtmlAttribute.TabIndex, "-1"),
        HtmlElement.Of(
            HtmlTag.Footer,
            HtmlElement.Of(
                HtmlTag.P,
                "Read from the registries at ",
                PageParts.Time(index.Now),
                ". All times are in UTC. This file loads nothing and sends nothing.")),
        HtmlElement.Of(HtmlTag.Script, s_script),
        served is null ? null : HtmlElement.Of(HtmlTag.Script, s_reload).Set(HtmlAttribute.DataPage, served));

    private static HtmlElement Sections(ReportIndex index)
    {
        var problems = index.Problems.Count;
        return HtmlElement.Of(
            HtmlTag.Nav,
            HtmlElement.Of(
                HtmlTag.Ul,
                Link("matrix", "What runs where"),
                Link("ways", "Ways"),
                Link("history", "History"),
                Link("problems", problems == 0 ? "No problems" : Format.Count(problems, "problem")),
                Link("verify", "Verify")))
            .Set(HtmlAttribute.AriaLabel, "Sections");
    }

    private static HtmlElement Link(string anchor, string text) =>
        HtmlElement.Of(HtmlTag.Li, HtmlElement.Of(HtmlTag.A, text).LinkTo(anchor));
}
