using System.Text.Json;
using System.Xml.Linq;
using Gantry.Checks;
using Gantry.Testing;

namespace Gantry.Tests.Checks;

/// <summary>What other systems read of checks, read by readers that know nothing of Gantry.</summary>
public sealed class CheckFormatTests
{
    private static CheckReport Sample(string text = "a <b> & \"c\"") => new(
        text,
        [
            new Check("prod", "image: app", CheckState.Passed) { Message = text },
            new Check("prod", text, CheckState.Failed) { Code = "GAN4056", Message = text, Remedy = text, Line = 7 },
            new Check(text, "gate: approval", CheckState.Open) { Message = "not answered" },
            new Check("dev", "bypass", CheckState.Warning) { Code = "GAN4214", Message = text, File = "x y/ü.json" },
            Check.Of("dev", "host", new InvalidOperationException("a socket")),
        ])
    {
        File = "artifacts/environments.json",
    };

    [Fact]
    public void JUnit_has_a_suite_for_each_group_and_a_test_for_each_check()
    {
        var document = XDocument.Parse(JUnitReport.Write(Sample()));

        var root = document.Root!;
        Assert.Equal(
            ("testsuites", "5", "2", "1"), (root.Name.LocalName, Value(root, "tests"), Value(root, "failures"), Value(root, "skipped")));
        Assert.Equal(["prod", "a <b> & \"c\"", "dev"], root.Elements("testsuite").Select(suite => Value(suite, "name")));
        foreach (var suite in root.Elements("testsuite"))
        {
            Assert.Equal($"{suite.Elements("testcase").Count()}", Value(suite, "tests"));
            Assert.All(suite.Elements("testcase"), test => Assert.Equal(Value(suite, "name"), Value(test, "classname")));
        }

        var failure = root.Descendants("failure").First();
        Assert.Equal(("GAN4056", "a <b> & \"c\""), (Value(failure, "type"), Value(failure, "message")));
        Assert.Equal("GAN4056: a <b> & \"c\"; a <b> & \"c\"", failure.Value);
        Assert.Equal("not answered", Value(Assert.Single(root.Descendants("skipped")), "message"));
    }

    [Fact]
    public void SARIF_has_the_required_properties_and_a_rule_for_each_code()
    {
        using var document = JsonDocument.Parse(SarifLog.Write(Sample()).ToJsonString());

        var root = document.RootElement;
        Assert.Equal("2.1.0", root.GetProperty("version").GetString());
        Assert.True(Uri.IsWellFormedUriString(root.GetProperty("$schema").GetString(), UriKind.Absolute));
        var run = Assert.Single(root.GetProperty("runs").EnumerateArray());
        var driver = run.GetProperty("tool").GetProperty("driver");
        Assert.Equal("Gantry", driver.GetProperty("name").GetString());
        var rules = driver.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(["GAN4056", "GAN4214", "gantry"], rules.Select(rule => rule.GetProperty("id").GetString()));
        Assert.All(rules, rule => Assert.NotEmpty(rule.GetProperty("help").GetProperty("text").GetString()!));
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(4, results.Count);
        foreach (var result in results)
        {
            Assert.NotEmpty(result.GetProperty("message").GetProperty("text").GetString()!);
            Assert.Equal(
                result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());

            // A result of another kind than fail has no level (3.27.9, 3.27.10).
            var isFailure = result.GetProperty("kind").GetString() == "fail";
            Assert.Equal(isFailure, result.GetProperty("level").GetString() != "none");
            var location = Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("physicalLocation");
            var uri = location.GetProperty("artifactLocation").GetProperty("uri").GetString();
            Assert.True(Uri.IsWellFormedUriString(uri, UriKind.Relative));
            Assert.True(location.GetProperty("region").GetProperty("startLine").GetInt32() >= 1);
            Assert.NotEmpty(result.GetProperty("partialFingerprints").EnumerateObject());
        }

        Assert.Equal(7, FirstLocation(results[0]).GetProperty("region").GetProperty("startLine").GetInt32());
        Assert.Equal("x%20y/%C3%BC.json", FirstLocation(results[2]).GetProperty("artifactLocation").GetProperty("uri").GetString());
    }

    [Fact]
    public void Hostile_texts_cannot_act() => Assert.All(HostileText.Values.Values, text =>
    {
        var xml = JUnitReport.Write(Sample(text));
        Assert.Equal(5, XDocument.Parse(xml).Descendants("testcase").Count());
        Assert.All(xml.Split('\n'), line => Assert.Null(HostileText.FindFault(line, lines: 0)));
        using var sarif = JsonDocument.Parse(SarifLog.Write(Sample(text)).ToJsonString());
        Assert.Equal(4, sarif.RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength());
    });

    [Theory]
    [InlineData("\ud800 half"), InlineData("\uffff none"), InlineData("\0 zero")]
    public void What_XML_cannot_have_is_replaced(string text) =>
        Assert.Equal(5, XDocument.Parse(JUnitReport.Write(Sample(text), clean: same => same)).Descendants("testcase").Count());

    [Fact]
    public void A_report_without_checks_is_an_empty_one()
    {
        Assert.Empty(XDocument.Parse(JUnitReport.Write(new CheckReport("x", []))).Root!.Elements());
        Assert.Empty(SarifLog.Write(new CheckReport("x", []))["runs"]![0]!["results"]!.AsArray());
    }

    private static JsonElement FirstLocation(JsonElement result) => result.GetProperty("locations")[0].GetProperty("physicalLocation");

    private static string? Value(XElement element, string name) => element.Attribute(name)?.Value;
}
