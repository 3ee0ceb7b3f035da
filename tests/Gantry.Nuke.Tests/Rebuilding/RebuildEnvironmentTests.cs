using Gantry.Nuke.Rebuilding;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Nuke.Tests.Rebuilding;

/// <summary>The build of a checkout gets the environment of the machine, and nothing of this run.</summary>
public sealed class RebuildEnvironmentTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_760_000_000);

    [Fact]
    public void Parameters_keys_and_services_of_this_run_stay_out()
    {
        string[] names =
        [
            "Release", "NUKE_RELEASE", "ReleaseVersion", "release_version", "ImageStore", "DryRun", "ProdSigningKey",
            "BaseSigningKeyPassword", "SigningKey", "RebuildKey", "RebuildKeyPassword", "TF_BUILD",
            "GITHUB_ACTIONS", "CI", "MSBuildSDKsPath", "SOURCE_DATE_EPOCH",
        ];

        var variables = RebuildEnvironment.Create(names.ToDictionary(name => name, _ => "x"), BuildOf(Time), Time);

        Assert.Empty(names.Intersect(variables.Keys));
    }

    [Fact]
    public void The_machine_stays_as_it_is()
    {
        var variables = RebuildEnvironment.Create(
            new Dictionary<string, string> { ["PATH"] = "/bin", ["BaseRegistryUser"] = "anna", ["ClosedFeed"] = "true" },
            BuildOf(Time),
            Time);

        Assert.Equal(("/bin", "anna", "true"), (variables["PATH"], variables["BaseRegistryUser"], variables["ClosedFeed"]));
    }

    [Fact]
    public void Base_images_are_pinned_and_a_time_of_its_own_is_given()
    {
        var variables = RebuildEnvironment.Create(new Dictionary<string, string>(), BuildOf(Time), Time.AddDays(1));

        Assert.Equal($"example.com/base:1@{Digest.Of([1])}", variables["BaseImageDigests"]);
        Assert.Equal("1760000000", variables["SOURCE_DATE_EPOCH"]);
    }

    private static RecordedBuild BuildOf(DateTimeOffset created) => new()
    {
        Release = new Release { Version = "1.4.2", Commit = new string('c', 40), Created = created, Images = [] },
        Sdks = [],
        BaseImages = [ImageReference.Parse("example.com/base:1").At(Digest.Of([1]))],
        Created = created,
        Source = null,
        IsVerified = true,
    };
}
