using System.Text.Json;
using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Promotion.Gates;
using Gantry.Testing;

namespace Gantry.Tests.Promotion.Gates;

public sealed class SbomGateTests
{
    private const string CycloneDx = "application/vnd.cyclonedx+json";
    private const string Type = "https://cyclonedx.org/bom";
    private const string Missing = "does not hold: app has no SBOM that counts";
    private const string Unreadable = "does not hold: app: the SBOM D in base.test:5000/app cannot be read: ";

    private static readonly SbomRulesGate s_gate =
        Gate.SbomRules(new PackageRule("event-stream"), new PackageRule("pkg:maven/org.apache.logging.log4j/log4j-core", "2.14.*"))
            with { ForbiddenLicenses = ["AGPL-*", "GPL-3.0-only"] };

    private static string Bom(params string[] components) =>
        """{"bomFormat":"CycloneDX","specVersion":"1.6","components":[""" + string.Join(',', components) + "]}";

    private static string Component(
        string name, string version = "1.0", string? purl = null, string licenses = """[{"license":{"id":"MIT"}}]""") =>
        $$"""{"type":"library","name":"{{name}}","version":"{{version}}","licenses":{{licenses}}"""
            + (purl is null ? "}" : $",\"purl\":\"{purl}\"}}");

    private static readonly Dictionary<string, (string Bom, GateVerdict? Verdict, string Finding)> s_boms = new()
    {
        ["allowed"] = (Bom(Component("a"), Component("b")), GateVerdict.Held, "app: 2 components"),
        ["without a licence"] = (Bom(Component("a", licenses: "[]")), GateVerdict.Held, "app: 1 component, 1 without a licence"),
        ["by name"] = (Bom(Component("Event-Stream", "3.3.6")), null,
            "does not hold: app contains Event-Stream 3.3.6, which is forbidden (event-stream)"),
        ["by the name in the purl"] = (Bom(Component("es", "3.3.6", "pkg:npm/event-stream@3.3.6")), null,
            "does not hold: app contains es 3.3.6, which is forbidden (event-stream)"),
        ["by purl and version"] = (Bom(Component("core", "2.14.1", "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar")), null,
            "does not hold: app contains core 2.14.1, which is forbidden (pkg:maven/org.apache.logging.log4j/log4j-core@2.14.*)"),
        ["by purl, with escapes, and the version there only"] =
            (Bom(Component("core", "", "pkg:maven/org.apache.logging%2Elog4j/LOG4J-core@2.14.0#a/b")), null,
            "does not hold: app contains core, which is forbidden (pkg:maven/org.apache.logging.log4j/log4j-core@2.14.*)"),
        ["another version"] = (Bom(Component("core", "2.17.0", "pkg:maven/org.apache.logging.log4j/log4j-core@2.17.0")), GateVerdict.Held,
            "app: 1 component"),
        ["a longer name"] = (Bom(Component("event-stream-x", "1.0", "pkg:npm/event-stream-x@1.0")), GateVerdict.Held, "app: 1 component"),
        ["nested"] = (Bom("""{"type":"library","name":"a","components":[{"type":"library","name":"event-stream"}]}"""), null,
            "does not hold: app contains event-stream, which is forbidden (event-stream)"),
        ["within the root"] = (
            """
            {"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"application","name":"app",
             "components":[{"type":"library","name":"event-stream"}]}}}
            """,
            null, "does not hold: app contains event-stream, which is forbidden (event-stream)"),
        ["a licence by id"] = (Bom(Component("a", licenses: """[{"license":{"id":"AGPL-3.0-only"}}]""")), null,
            "does not hold: app contains a 1.0 with the licence AGPL-3.0-only, which is forbidden"),
        ["a licence by name"] = (Bom(Component("a", licenses: """[{"license":{"name":"gpl-3.0-only"}}]""")), null,
            "does not hold: app contains a 1.0 with the licence gpl-3.0-only, which is forbidden"),
        ["a choice"] = (Bom(Component("a", licenses: """[{"expression":"MIT OR GPL-3.0-only"}]""")), GateVerdict.Held, "app: 1 component"),
        ["no choice"] = (Bom(Component("a", licenses: """[{"expression":"GPL-3.0-only OR AGPL-1.0"}]""")), null,
            "does not hold: app contains a 1.0 with the licence GPL-3.0-only OR AGPL-1.0, which is forbidden"),
        ["all of several"] = (Bom(Component("a", licenses: """[{"license":{"id":"MIT"}},{"license":{"id":"GPL-3.0-only"}}]""")), null,
            "does not hold: app contains a 1.0 with the licence GPL-3.0-only, which is forbidden"),
        ["no component"] = (Bom(), null, "does not hold: app: the SBOM D in base.test:5000/app has no component"),
        ["no list"] = ("""{"bomFormat":"CycloneDX","specVersion":"1.6"}""", null, "does not hold: app: the SBOM D in base.test:5000/app has no component"),
        ["components that are no list"] = ("""{"bomFormat":"CycloneDX","specVersion":"1.6","components":{}}""", null,
            Unreadable + "its components is of another kind than in CycloneDX"),
        ["a component without a name"] = (Bom("""{"type":"library","purl":"pkg:npm/event-stream@1"}"""), null,
            Unreadable + "an element has no name"),
        ["a component that is null"] = (Bom("null"), null, Unreadable + "it is not a JSON document of CycloneDX"),
        ["a purl that is no text"] = (Bom("""{"type":"library","name":"a","purl":["pkg:npm/event-stream@1"]}"""), null,
            Unreadable + "its purl is of another kind than in CycloneDX"),
        ["a licence without a name"] = (Bom(Component("a", licenses: """[{"license":{}}]""")), null,
            Unreadable + "an element has no name"),
        ["licences that are no list"] = (Bom(Component("a", licenses: "\"MIT\"")), null,
            Unreadable + "its licenses is of another kind than in CycloneDX"),
        ["SPDX"] = ("""{"spdxVersion":"SPDX-2.3","packages":[]}""", null,
            Unreadable + "it does not say that its format is CycloneDX"),
        ["an empty object"] = ("{}", null, Unreadable + "it does not say that its format is CycloneDX"),
        ["a list"] = ("[]", null, Unreadable + "it is not a JSON document of CycloneDX"),
    };

    public static TheoryData<string> Boms => [.. s_boms.Keys];

    [Theory, MemberData(nameof(Boms))]
    public async Task An_attached_SBOM_complies_or_the_finding_says_why_not(string name)
    {
        using var fixture = await GateFixture.CreateAsync();
        var (bom, verdict, finding) = s_boms[name];
        fixture.Attach(CycloneDx, bom);

        await fixture.AssertAsync(s_gate, verdict, finding);
    }

    [Theory, MemberData(nameof(Boms))]
    public async Task A_signed_SBOM_complies_or_the_finding_says_why_not(string name)
    {
        using var fixture = await GateFixture.CreateAsync();
        var (bom, verdict, finding) = s_boms[name];
        await fixture.AttestAsync(Type, bom);

        await fixture.AssertAsync(s_gate with { Keys = ["keys/build.pub"] }, verdict, finding);
        await fixture.AssertAsync(s_gate, verdict, finding);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"bomFormat":"CycloneDX","bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"a","name":"a"}]}""")]
    public async Task A_file_that_is_no_JSON_does_not_hold(string content)
    {
        using var fixture = await GateFixture.CreateAsync();
        fixture.Attach(CycloneDx, content);

        await fixture.AssertAsync(s_gate, null, Unreadable + "it is not a JSON document of CycloneDX");
    }

    [Fact]
    public async Task With_keys_only_signed_ones_count()
    {
        using var fixture = await GateFixture.CreateAsync();
        fixture.Signer("build");
        fixture.Attach(CycloneDx, Bom(Component("a")));
        await fixture.AssertAsync(s_gate with { Keys = ["keys/build.pub"] }, null, Missing);

        await fixture.AttestAsync(Type, Bom(Component("a")), "mallory");
        await fixture.AssertAsync(
            s_gate with { Keys = ["keys/build.pub"] }, null,
            Missing + "; not counted: the attestation D in base.test:5000/app is signed with no trusted key (it names H; "
                + "trusted: keys/build.pub K)");
    }

    [Fact]
    public async Task The_time_of_a_commit_is_not_that_of_a_signature()
    {
        using var fixture = await GateFixture.CreateAsync();
        fixture.Signer("build", "From: 2026-01-01");
        var bom = Bom(Component("a")).Replace(
            "\"components\"", "\"metadata\":{\"timestamp\":\"2025-01-02T03:04:05Z\"},\"components\"", StringComparison.Ordinal);
        await fixture.AttestAsync(Type, bom);

        await fixture.AssertAsync(s_gate with { Keys = ["keys/build.pub"] }, GateVerdict.Held, "app: 1 component");
    }

    [Fact]
    public async Task All_SBOMs_must_comply()
    {
        using var fixture = await GateFixture.CreateAsync();
        await fixture.AssertAsync(s_gate, null, Missing);
        fixture.Attach(CycloneDx, Bom(Component("a")));
        fixture.Attach(CycloneDx, Bom(Component("event-stream")));

        await fixture.AssertAsync(s_gate, null, "does not hold: app contains event-stream 1.0, which is forbidden (event-stream)");
    }

    [Fact]
    public async Task Each_platform_needs_one_and_that_of_the_index_is_none()
    {
        using var fixture = await GateFixture.CreateIndexAsync();
        fixture.Attach(CycloneDx, Bom(Component("a")));
        fixture.Attach(CycloneDx, Bom(Component("a")), beside: fixture.Platforms[0]);
        await fixture.AssertAsync(s_gate, null, "does not hold: app, platform D has no SBOM that counts");

        fixture.Attach(CycloneDx, Bom(Component("b")), beside: fixture.Platforms[1]);
        await fixture.AssertAsync(s_gate, GateVerdict.Held, "app, platform D: 1 component; app, platform D: 1 component");
    }

    [Fact]
    public async Task Licences_can_be_required()
    {
        using var fixture = await GateFixture.CreateAsync();
        fixture.Attach(
            CycloneDx,
            Bom(
                Component("a"), Component("b", licenses: """[{"license":{"name":"NOASSERTION"}}]"""),
                """{"type":"operating-system","name":"debian","version":"12"}"""));

        await fixture.AssertAsync(s_gate, GateVerdict.Held, "app: 3 components, 1 without a licence");
        await fixture.AssertAsync(s_gate with { RequireLicenses = true }, null, "does not hold: app contains b 1.0 without a licence");
    }

    [Theory]
    [InlineData("GPL", true)]
    [InlineData("MIT", false)]
    [InlineData("MIT OR GPL", false)]
    [InlineData("MIT AND GPL", true)]
    [InlineData("GPL OR GPL", true)]
    [InlineData("(MIT OR GPL) AND Apache-2.0", false)]
    [InlineData("(MIT OR GPL) AND (GPL OR GPL)", true)]
    [InlineData("MIT OR GPL AND BSD", false)]
    [InlineData("GPL+", true)]
    [InlineData("GPL WITH Classpath", true)]
    [InlineData("mit or gpl", false)]
    [InlineData("MIT OR", false)]
    [InlineData("GPL OR", true)]
    [InlineData("MIT GPL", true)]
    [InlineData("(MIT OR GPL", true)]
    [InlineData("MIT OR GPL)", true)]
    [InlineData("OR OR OR", false)]
    [InlineData("", false)]
    public void An_expression_is_forbidden_when_it_leaves_no_choice(string expression, bool forbidden) =>
        Assert.Equal(forbidden, LicenseExpression.IsForbidden(
            expression, license => license.Equals("GPL", StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public void A_deep_expression_ends() => Assert.True(LicenseExpression.IsForbidden(
        new string('(', 100_000) + "MIT OR GPL" + new string(')', 100_000), license => license == "GPL"));

    public static TheoryData<string> HostileTexts => [.. HostileText.Values.Keys];

    [Theory, MemberData(nameof(HostileTexts))]
    public async Task Hostile_text_cannot_act(string name)
    {
        using var fixture = await GateFixture.CreateAsync();
        var text = JsonSerializer.Serialize(HostileText.Values[name]);
        fixture.Attach(CycloneDx, Bom($$"""{"name":{{text}},"purl":"pkg:npm/event-stream@1"}"""));

        var gate = await fixture.EvaluateAsync(s_gate);

        Assert.Null(gate.Verdict);
        Assert.Null(HostileText.FindFault(gate.Finding!, lines: 0));
    }
}
