using Gantry.Environments;

namespace Gantry.Tests.Promotion.Gates;

public sealed class GateDeclarationTests
{
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);
    private static readonly FreezeWindow s_window = FreezeWindow.Yearly((12, 20), (1, 2), "holidays");

    private static readonly Dictionary<string, (Gate Gate, string Fault)> s_faults = new()
    {
        ["a type that is no URI"] = (Gate.Attestation("provenance", "a.pub"), "its predicate type is not a URI"),
        ["an attestation without keys"] = (Gate.Attestation("https://slsa.dev/provenance/v1"), "it asks for 1 key and trusts 0 keys"),
        ["a blank key"] = (Gate.Attestation("https://slsa.dev/provenance/v1", " "), "a key file has no name"),
        ["an age of zero"] = (
            Gate.Attestation("https://slsa.dev/provenance/v1", "a.pub") with { MaximumAge = TimeSpan.Zero },
            "its maximum age is not positive"),
        ["an unknown threshold"] = (Gate.Vulnerabilities(VulnerabilitySeverity.Unknown, s_week), "its threshold is not a severity"),
        ["a threshold that is none"] = (Gate.Vulnerabilities((VulnerabilitySeverity)9, s_week), "its threshold is not a severity"),
        ["a blank exception"] = (Gate.Vulnerabilities(VulnerabilitySeverity.High, s_week) with { Except = [""] }, "an exception has no id"),
        ["a blank scanner"] = (Gate.Vulnerabilities(VulnerabilitySeverity.High, s_week) with { Scanners = [""] }, "a scanner has no name"),
        ["a report for no time"] = (Gate.Vulnerabilities(VulnerabilitySeverity.High, -s_week), "its maximum age is not positive"),
        ["a package without a name"] = (Gate.SbomRules(new PackageRule("")), "a package has no name"),
        ["a blank version"] = (Gate.SbomRules(new PackageRule("a", " ")), "the version of a package is blank"),
        ["a version in a package"] = (
            Gate.SbomRules(new PackageRule("pkg:npm/@a/b@1.0")), "the version of pkg:npm/@a/b@1.0 belongs into Version"),
        ["a licence without a name"] = (Gate.SbomRules() with { ForbiddenLicenses = [""] }, "a licence has no name"),
        ["no freeze"] = (Gate.Freeze("UTC"), "it has no times"),
        ["no time zone"] = (Gate.Freeze(" ", s_window), "it has no time zone"),
        ["a freeze without a reason"] = (
            Gate.Freeze("UTC", FreezeWindow.Yearly((12, 20), (1, 2), "")), "the time 'each year 12-20 to 01-02' has no reason"),
        ["a freeze that ends before it starts"] = (
            Gate.Freeze("UTC", FreezeWindow.Once(new DateTime(2026, 1, 2), new DateTime(2026, 1, 1), "x")),
            "the time '2026-01-02 00:00 to 2026-01-01 00:00' ends before it starts"),
        ["a freeze out of range"] = (
            Gate.Freeze("UTC", FreezeWindow.Once(DateTime.MinValue, DateTime.MaxValue, "x")),
            "the time '0001-01-01 00:00 to 9999-12-31 23:59' is out of range"),
        ["a day that does not exist"] = (
            Gate.Freeze("UTC", FreezeWindow.Yearly((2, 30), (3, 1), "x")),
            "the time 'each year 02-30 to 03-01' has a day that does not exist"),
        ["a week of nothing"] = (
            Gate.Freeze("UTC", FreezeWindow.Weekly(DayOfWeek.Monday, new(1, 0), DayOfWeek.Monday, new(1, 0), "x")),
            "the time 'each week Monday 01:00 to Monday 01:00' ends when it starts"),
        ["plain HTTP"] = (Gate.Http("http://contoso.com/may"), "'http://contoso.com/may' is not an https address"),
        ["a credential in an address"] = (
            Gate.Http("https://user:secret@contoso.com/may"),
            "credentials do not belong in a declaration: keep the address in a variable and write $(VARIABLE)"),
        ["a credential in a header"] = (
            Gate.Http("https://contoso.com/") with { Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer x" } },
            "the value of 'Authorization' is not written into the declaration, but taken from a variable: $(VARIABLE)"),
        ["a day for an answer"] = (
            Gate.Http("https://contoso.com/") with { TimeLimit = TimeSpan.FromDays(1) },
            "its time limit is 1.00:00:00, which is not between zero and 1 hour"),
        ["no program"] = (Gate.Command(""), "it names no program"),
        ["a zero in an argument"] = (Gate.Command("a", "b\0c"), "an argument is null or contains a zero character"),
        ["no time for a program"] = (
            Gate.Command("a") with { TimeLimit = TimeSpan.Zero }, "its time limit is 00:00:00, which is not between zero and 1 hour"),
        ["two approvals of one key"] = (Gate.SignedApprovals(2, "a.pub", "a.pub"), "it asks for 2 keys and trusts 1 key"),
        ["no approval"] = (Gate.SignedApprovals(0, "a.pub"), "it asks for 0 keys"),
        ["a rebuild by no one"] = (Gate.Rebuilt(1), "it asks for 1 key and trusts 0 keys"),
    };

    public static TheoryData<string> Faults => [.. s_faults.Keys];

    [Theory, MemberData(nameof(Faults))]
    public void A_gate_that_cannot_hold_is_refused(string name)
    {
        var (gate, fault) = s_faults[name];

        var error = Assert.Throws<GantryException>(() => EnvironmentSet.Create([new("prod") { Gates = [gate] }]));

        Assert.Equal("GAN5001", error.Code);
        Assert.EndsWith($"of the environment 'prod' cannot hold: {fault}", error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Gate> Descriptions => new()
    {
        { "attestation https://slsa.dev/provenance/v1", Gate.Attestation("https://slsa.dev/provenance/v1", "a.pub") },
        { "no vulnerability of severity high or more", Gate.Vulnerabilities(VulnerabilitySeverity.High, s_week) },
        {
            "SBOM without event-stream, pkg:npm/a@1.*, licence AGPL-*",
            Gate.SbomRules(new("event-stream"), new("pkg:npm/a", "1.*")) with { ForbiddenLicenses = ["AGPL-*"] }
        },
        { "SBOM", Gate.SbomRules() },
        { "no freeze: each year 12-20 to 01-02", Gate.Freeze("UTC", s_window) },
        { "answer of https://contoso.com/may", Gate.Http("https://contoso.com/may?key=secret") },
        { "command tools/check.sh --prod", Gate.Command("tools/check.sh", "--prod") },
        { "2 signed approvals of a.pub, b.pub", Gate.SignedApprovals(2, "a.pub", "b.pub") },
        { "built again with the same result by 1 of a.pub, b.pub", Gate.Rebuilt(1, "a.pub", "b.pub") },
    };

    [Theory, MemberData(nameof(Descriptions))]
    public void A_valid_gate_has_a_description_and_is_evaluated_by_the_promotion(string description, Gate gate)
    {
        EnvironmentSet.Create([new("prod") { Gates = [gate] }]);

        Assert.Equal((description, true), (gate.Description, gate.IsEvaluatedByPromotion));
    }
}
