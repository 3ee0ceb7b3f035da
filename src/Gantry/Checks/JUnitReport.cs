using System.Globalization;
using System.Text;
using System.Xml;

namespace Gantry.Checks;

/// <summary>
/// Writes checks as JUnit XML, which Azure Pipelines (<c>PublishTestResults@2</c>), Jenkins and GitLab show as tests: a suite for each
/// group, a test for each check.
/// </summary>
public static class JUnitReport
{
    private const char Replacement = '\uFFFD';

    /// <summary>Returns the document.</summary>
    /// <param name="report">The checks.</param>
    /// <param name="clean">Neutralizes a text and masks the secrets in it; null for <see cref="DisplayText.Neutralize"/>.</param>
    public static string Write(CheckReport report, Func<string, string>? clean = null)
    {
        string Text(string text) => ToXml((clean ?? DisplayText.Neutralize)(text));
        var xml = new StringBuilder();
        using (var writer = XmlWriter.Create(xml, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            writer.WriteStartElement("testsuites");
            WriteCounts(writer, Text(report.Name), report.Checks);
            foreach (var group in report.Checks.GroupBy(check => check.Group))
            {
                writer.WriteStartElement("testsuite");
                WriteCounts(writer, Text(group.Key), [.. group]);
                foreach (var check in group)
                    Write(writer, check, Text);
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{xml}\n";
    }

    private static void WriteCounts(XmlWriter writer, string name, IReadOnlyCollection<Check> checks)
    {
        writer.WriteAttributeString("name", name);
        Write(writer, "tests", checks.Count);
        Write(writer, "failures", checks.Count(check => check.State == CheckState.Failed));
        Write(writer, "errors", 0);
        Write(writer, "skipped", checks.Count(check => check.State == CheckState.Open));
        writer.WriteAttributeString("time", "0");
    }

    private static void Write(XmlWriter writer, Check check, Func<string, string> text)
    {
        writer.WriteStartElement("testcase");
        writer.WriteAttributeString("classname", text(check.Group));
        writer.WriteAttributeString("name", text(check.Name));
        writer.WriteAttributeString("time", "0");
        switch (check.State)
        {
            case CheckState.Failed:
                writer.WriteStartElement("failure");
                writer.WriteAttributeString("type", text(check.Code ?? "error"));
                writer.WriteAttributeString("message", text(check.Message ?? check.Name));
                writer.WriteString(text(Describe(check)));
                writer.WriteEndElement();
                break;
            case CheckState.Open:
                writer.WriteStartElement("skipped");
                writer.WriteAttributeString("message", text(Describe(check)));
                writer.WriteEndElement();
                break;
            default:
                if (check.Message is not null)
                    writer.WriteElementString("system-out", text(Describe(check)));
                break;
        }

        writer.WriteEndElement();
    }

    private static string Describe(Check check)
    {
        var what = check.Message ?? check.Name;
        var code = check.Code is { } known ? $"{known}: " : "";
        return check.Remedy is { } remedy ? $"{code}{what}; {remedy}" : code + what;
    }

    private static void Write(XmlWriter writer, string name, int number) =>
        writer.WriteAttributeString(name, number.ToString(CultureInfo.InvariantCulture));

    // What XML cannot have in any form: single halves of surrogate pairs, and what is no character.
    private static string ToXml(string text)
    {
        var valid = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (at + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[at + 1], text[at]))
                valid.Append(text[at]).Append(text[++at]);
            else
                valid.Append(XmlConvert.IsXmlChar(text[at]) ? text[at] : Replacement);
        }

        return valid.ToString();
    }
}
