using System.Text.RegularExpressions;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Testing;

namespace Gantry.Display.Tests;

public sealed partial class EnvironmentTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Digest Image = Digest.Parse("sha256:7a8ef317aabb" + new string('0', 52));

    private static readonly IReadOnlyList<EnvironmentStatus> Environments =
    [
        new() { Target = Target("dev"), Release = Release("1.5.0-rc.1", TimeSpan.FromMinutes(12)) },
        new()
        {
            Target = Target("test"),
            Release = Release("1.4.2", TimeSpan.FromHours(50)) with
            {
                Images = [new("app", Image), new("worker", Image)],
                MissingImages = ["tool"],
            },
            Problems = [new GantryException("GAN4057", "the release '1.4.2' lacks tool", "promote it again")],
            UnrecordedVersions = ["1.3.0"],
        },
        new()
        {
            Target = Target("prod", "west-europe"),
            Release = null,
            Problems = [new GantryException("GAN2003", "contosoprod.azurecr.io denies access to [red]app[/]", "sign in")],
        },
        new() { Target = Target("prod", "east-us"), Release = null },
    ];

    [Fact]
    public void In_a_log_every_environment_is_a_line_without_colours()
    {
        using var output = new StringWriter { NewLine = "\n" };

        EnvironmentTable.Write(new TerminalOutput(output, isTerminal: false), Environments, Now);

        Assert.Equal(
            [
                "Environment | Release | Since | By | Signed | Image",
                "dev | 1.5.0-rc.1 | 2026-01-02 02:52 UTC (12 minutes) | Anna (run 77) | no | app sha256:7a8ef317aabb",
                "test | 1.4.2 (see below) | 2025-12-31 01:04 UTC (2 days 2 hours) | Anna (run 77) | no | app sha256:7a8ef317aabb",
                "worker sha256:7a8ef317aabb",
                "prod, west-europe | cannot be read",
                "prod, east-us | none",
                "test: GAN4057: the release '1.4.2' lacks tool; promote it again.",
                "prod, west-europe: GAN2003: contosoprod.azurecr.io denies access to [red]app[/]; sign in.",
                "dev: not signed: there is no key for it",
                "test: not signed: there is no key for it",
                "test: images without a promotion record: 1.3.0",
                "prod, west-europe: not signed: there is no key for it",
                "prod, east-us: not signed: there is no key for it",
            ],
            output.ToString().ReplaceLineEndings("\n").Split('\n')
                .Select(line => Gap().Replace(line.Trim(), " | "))
                .Where(line => line.Length > 0 && !line.StartsWith('─')));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_in_a_record_acts(bool isTerminal)
    {
        foreach (var (what, text) in HostileText.Values)
        {
            using var output = new StringWriter { NewLine = "\n" };
            EnvironmentTable.Write(new TerminalOutput(output, isTerminal), [Status(text)], Now);

            // Long values continue in their own column.
            var shown = Colour().Replace(output.ToString(), "");
            Assert.True(HostileText.FindFault(shown) is null, $"{what}: {HostileText.FindFault(shown)} in {shown}");
            Assert.DoesNotContain(shown.Split('\n'), line => line.StartsWith("forged", StringComparison.Ordinal));
        }

        static EnvironmentStatus Status(string text) => new()
        {
            Target = Target("test"),
            Release = Release("1.0.0", TimeSpan.Zero) with
            {
                Version = text,
                MissingImages = [text],
                Record = Release("1.0.0", TimeSpan.Zero).Record! with { By = new() { Name = text, RunId = text } },
            },
            UnrecordedVersions = [text],
            IgnoredPlaces = [text],
            Problems = [new GantryException("GAN2003", text, text)],
        };
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colour();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Gap();

    private static PromotionTarget Target(string name, string? region = null) =>
        new(new(name), region, RegistryAddress.Parse("contoso.azurecr.io"));

    private static PromotedRelease Release(string version, TimeSpan ago) => new()
    {
        Version = version,
        Since = Now - ago,
        Images = [new("app", Image)],
        Record = new PromotionRecord
        {
            Environment = "dev",
            Version = version,
            Image = "app",
            Digest = Image,
            Promoted = Now - ago,
            By = new() { Name = "Anna", RunId = "77" },
            From = "contoso.azurecr.io/app",
            To = "contosodev.azurecr.io/app",
            Gates = [],
        },
    };
}
