using Gantry.Nuke.Versioning;

namespace Gantry.Nuke.Tests.Versioning;

/// <summary>A version is calculated again when anything has changed that GitVersion reads.</summary>
public sealed class VersionCacheTests : IDisposable
{
    private readonly ScratchRepository _repository = new();
    private int _calculations;

    public VersionCacheTests()
    {
        _repository.Write("packages.json", "GitVersion 6.8.2");
        _repository.Commit("src/Program.cs", "class Program;");
    }

    [Fact]
    public void The_version_of_the_same_state_is_calculated_once()
    {
        var first = Find();
        var second = Find();

        Assert.Equal(first, second);
        Assert.Equal("0.0.1", second.SemVer);
        Assert.Equal(1, _calculations);
    }

    [Theory]
    [InlineData("commit"), InlineData("tag"), InlineData("branch"), InlineData("detached"), InlineData("configuration")]
    [InlineData("packages"), InlineData("damaged")]
    public void Another_state_is_calculated_again(string change)
    {
        Find();
        switch (change)
        {
            case "commit":
                _repository.Commit("src/Program.cs", "class Other;");
                break;
            case "tag":
                _repository.Git("tag", "v1.0.0");
                break;
            case "branch":
                _repository.Git("checkout", "--quiet", "-b", "feature");
                break;
            case "detached":
                _repository.Git("checkout", "--quiet", "--detach");
                break;
            case "configuration":
                _repository.Write("gitversion.yml", "next-version: 2.0.0");
                break;
            case "packages":
                _repository.Write("packages.json", "GitVersion 6.9.0");
                break;
            default:
                _repository.Write("version.json", "{");
                break;
        }

        Find();

        Assert.Equal(2, _calculations);
    }

    [Fact]
    public void Nothing_is_kept_when_the_packages_are_not_known()
    {
        File.Delete(_repository.PathOf("packages.json"));

        Find();
        Find();

        Assert.Equal(2, _calculations);
    }

    public void Dispose() => _repository.Dispose();

    private GitVersion Find()
    {
        var git = new Git(_repository.Folder.FullName);
        var cache = new VersionCache(_repository.PathOf("version.json"), git, _repository.PathOf("packages.json"));
        return cache.GetOrAdd(() => ReleaseVersioning.FromParameter($"0.0.{++_calculations}", _repository.Read()));
    }
}
