using CsCheck;
using Gantry.Nuke.Versioning;

namespace Gantry.Nuke.Tests.Versioning;

public sealed class ReleaseVersioningTests
{
    private static readonly SourceRevision Clean = new() { Commit = new string('a', 40), Branch = "main" };

    [Theory]
    [InlineData("1.4.2", "1.4.2")]
    [InlineData("1.5.0-rc.1", "1.5.0-rc.1")]
    [InlineData("1.5.0-rc.1+20261123", "1.5.0-rc.1")]
    public void A_given_version_is_used(string given, string expected)
    {
        var version = ReleaseVersioning.FromParameter(given, Clean);

        Assert.Equal(expected, version.SemVer);
        Assert.Equal($"{expected}+{Clean.Commit}", version.InformationalVersion);
        Assert.Matches(@"^\d+\.\d+\.\d+\.0$", version.AssemblySemVer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("v1.2.3")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3 ")]
    [InlineData("1.2.99999999999")]
    [InlineData("latest")]
    public void An_invalid_version_is_refused(string given)
    {
        var error = Assert.Throws<GantryException>(() => ReleaseVersioning.FromParameter(given, Clean));

        Assert.Equal("GAN7009", error.Code);
        Assert.Contains(Format.Refused(given), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_git_has_no_commit_in_its_version() =>
        Assert.Equal("1.4.2", ReleaseVersioning.FromParameter("1.4.2", new SourceRevision { Problem = "no git" }).InformationalVersion);

    [Theory]
    [InlineData("1.4.2", "1.4.2-dirty-0123abcd")]
    [InlineData("1.5.0-3", "1.5.0-3.dirty-0123abcd")]
    public void Uncommitted_changes_have_their_own_version(string told, string expected)
    {
        var version = ReleaseVersioning.FromGitVersion(
            ReleaseVersioning.FromParameter(told, Clean),
            Clean with { UncommittedTree = "0123abcd" });

        Assert.Equal(expected, version.SemVer);
        Assert.StartsWith(expected + "+", version.InformationalVersion, StringComparison.Ordinal);
    }

    [Fact]
    public void A_branch_and_a_detached_head_have_the_same_version()
    {
        var told = ReleaseVersioning.FromParameter("1.4.2", Clean) with { InformationalVersion = "1.4.2+Branch.main.Sha.aaaa" };

        Assert.Equal(
            ReleaseVersioning.FromGitVersion(told, Clean).InformationalVersion,
            ReleaseVersioning.FromGitVersion(told, Clean with { Branch = null }).InformationalVersion);
    }

    [Fact]
    public void Missing_history_is_an_error_and_not_a_guess()
    {
        Assert.Equal(
            "GAN7006",
            Assert.Throws<GantryException>(() => ReleaseVersioning.EnsureCountable(new SourceRevision { Problem = "no git" }, "x")).Code);
        Assert.Equal(
            "GAN7007", Assert.Throws<GantryException>(() => ReleaseVersioning.EnsureCountable(Clean with { IsShallow = true }, "x")).Code);
        ReleaseVersioning.EnsureCountable(Clean, "x");
    }

    [Fact]
    public void Versions_are_written_as_they_were_read() =>
        Gen.Select(Gen.Int[0, 9999], Gen.Int[0, 9999], Gen.Int[0, 9999], OneOf("", "-rc.1", "-alpha-2.x", "-0.a"), OneOf("", "+b.01"))
            .Select((major, minor, patch, pre, build) => $"{major}.{minor}.{patch}{pre}{build}")
            .Sample(text => SemanticVersion.Parse(text).ToString() == text);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
