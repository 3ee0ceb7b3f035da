using System.Text.RegularExpressions;
using Gantry.Status;
using Gantry.Testing;

namespace Gantry.Display.Reports.Tests;

public sealed partial class ReportPageTests
{
    private const int MaximumSize = 2_000_000;

    public static TheoryData<int> Hostile => [.. Enumerable.Range(0, HostileReport.Texts.Count)];

    [Fact]
    public async Task Writes_a_small_fleet()
    {
        var html = Write(SampleReports.Small);
        var settings = new VerifySettings();
        settings.UseDirectory("Snapshots");
        settings.UseFileName("small");
        settings.DontScrubGuids();
        settings.DontScrubDateTimes();
        await Verifier.Verify(Hash().Replace(Code().Replace(html, "$1…$2"), "'sha256-…'"), "html", settings);
    }

    [Fact]
    public void Twenty_environments_of_fifty_images_and_two_hundred_releases_are_below_two_megabytes()
    {
        var html = Write(SampleReports.Large(environments: 20, images: 50, releases: 200));

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(html), 500_000, MaximumSize);
        Assert.Contains("earlier events more", html, StringComparison.Ordinal);
        Assert.Contains("earlier releases not shown", html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_text_adds_no_markup(int number)
    {
        var harmless = Structure(Write(HostileReport.With("harmless")));

        var html = Write(HostileReport.With(HostileReport.Texts[number]));

        Assert.Equal(harmless, Structure(html).Where(tag => tag is not "a").Concat(harmless.Where(tag => tag is "a")).Order());
        Assert.Null(HostileText.FindFault(Body(html)));
        Assert.InRange(html.Length, 1, 200_000);
    }

    [Fact]
    public void The_policy_allows_exactly_what_is_in_the_page()
    {
        var html = Write(SampleReports.Small);

        Assert.Contains("default-src &#39;none&#39;; style-src &#39;sha256-", html, StringComparison.Ordinal);
        Assert.Contains("connect-src &#39;none&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;", html, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(html, "<script", RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.DoesNotContain("EventSource", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" src=", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Anchors_are_unique_and_every_link_within_the_page_has_one()
    {
        var html = Write(SampleReports.Small);
        var anchors = Anchors().Matches(html).Select(match => match.Groups[1].Value).ToList();
        var links = Links().Matches(html).Select(match => match.Groups[1].Value);

        Assert.Equal(anchors.Distinct(), anchors);
        Assert.Empty(links.Except(anchors));
    }

    [Fact]
    public void Commands_verify_exactly_the_image_at_its_place()
    {
        var html = Write(SampleReports.Small);
        var digest = SampleReports.DigestOf("api1.4.1");

        Assert.Contains(
            "cosign verify-attestation --key keys/prod/2026.pub --insecure-ignore-tlog --type https://slsa.dev/verification_summary/v1 "
                + $"--policy policies/prod/cosign/contosoprod.azurecr.io/shop/api.rego contosoprod.azurecr.io/shop/api@{digest}<",
            html, StringComparison.Ordinal);
        Assert.Contains($"gantry verify --policy prod contosoprod.azurecr.io/shop/api@{digest}<", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_in_a_command_cannot_end_its_word()
    {
        var target = SampleReports.Target(new("prod"));
        var cell = SampleReports.Cell(target, "api", "1.4.2", SampleReports.Now);

        Assert.EndsWith(
            $" --policy '$(id); it'\\''s' contosoprod.azurecr.io/shop/api@{cell.Digest}",
            VerificationCommands.Cosign(cell, "$(id); it's"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_is_not_signed_has_no_command_of_cosign()
    {
        var cell = SampleReports.Cell(SampleReports.Target(new("prod")), "api", "1.4.2", SampleReports.Now);

        Assert.NotNull(VerificationCommands.Cosign(cell, policyFile: null));
        Assert.Null(VerificationCommands.Cosign(cell with { Signature = SignatureState.Unsigned }, policyFile: null));
        var folder = cell.Target with { Address = Oci.RegistryAddress.Parse("oci:artifacts/registries/prod") };
        Assert.Null(VerificationCommands.Cosign(cell with { Target = folder }, policyFile: null));
        Assert.Null(VerificationCommands.Gantry(cell with { Digest = null }));
    }

    [Fact]
    public void An_empty_fleet_is_a_page()
    {
        var html = Write(new FleetReport { Status = new FleetStatus { AsOf = SampleReports.Now, Images = [], Targets = [], Cells = [] } });

        Assert.Contains("<h1>No image or no environment is declared</h1>", html, StringComparison.Ordinal);
        Assert.Contains("Nothing to mend.", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_a_file_in_a_folder_that_was_not_there()
    {
        using var folder = new TempFolder();

        var path = await new ReportPage(SampleReports.Small).WriteFileAsync(Path.Combine(folder.Path, "new", "report"), default);

        Assert.Equal(Path.Combine(folder.Path, "new", "report", "index.html"), path);
        Assert.Equal(Write(SampleReports.Small), await File.ReadAllTextAsync(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    private static string Write(FleetReport report)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new ReportPage(report).Write(text);
        return text.ToString();
    }

    // The names of all elements; a link is text where its address is not one that a person may follow.
    private static List<string> Structure(string html) => [.. Tags().Matches(Code().Replace(html, "$1$2"))
        .Select(match => match.Groups[1].Value)
        .Select(name => name is "span" ? "a" : name)
        .Order()];

    private static string Body(string html) => Code().Replace(html, "$1$2").Replace("\n", "", StringComparison.Ordinal);

    [GeneratedRegex("(<(?:style|script)>).*?(</(?:style|script)>)", RegexOptions.Singleline, 5000)]
    private static partial Regex Code();

    [GeneratedRegex("&#39;sha256-[A-Za-z0-9+/=]+&#39;", RegexOptions.None, 5000)]
    private static partial Regex Hash();

    [GeneratedRegex(" id=\"([^\"]+)\"", RegexOptions.None, 5000)]
    private static partial Regex Anchors();

    [GeneratedRegex(" href=\"#([^\"]+)\"", RegexOptions.None, 5000)]
    private static partial Regex Links();

    [GeneratedRegex("<([a-zA-Z0-9]+)", RegexOptions.None, 5000)]
    private static partial Regex Tags();
}
