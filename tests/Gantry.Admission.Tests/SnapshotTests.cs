using Gantry.Admission.Tests.Fixtures;

namespace Gantry.Admission.Tests;

/// <summary>Every file of two environments, two images and two regions, compared with its snapshot.</summary>
public class SnapshotTests
{
    public static TheoryData<string, string> Files
    {
        get
        {
            var files = new TheoryData<string, string>();
            foreach (var (name, target) in SampleTargets.All)
            {
                foreach (var file in SampleTargets.Generate(target))
                    files.Add(name, file.Path);
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Writes(string sample, string path)
    {
        var file = SampleTargets.Generate(SampleTargets.All[sample]).Single(file => file.Path == path);
        var settings = new VerifySettings();
        settings.UseDirectory("Snapshots");
        settings.UseFileName(Path.ChangeExtension(path, null)["policies/".Length..].Replace('/', '.'));
        settings.DontScrubGuids();
        settings.DontScrubDateTimes();
        await Verifier.Verify(file.Text, Path.GetExtension(path)[1..], settings);
    }

    // Read by .ci/proof-check, which has the definitions of the resources.
    [Fact]
    public void Writes_its_samples_into_the_folder_that_is_named()
    {
        if (Environment.GetEnvironmentVariable("GANTRY_PROOF_SAMPLES") is not { Length: > 0 } folder)
            return;
        Directory.CreateDirectory(folder);
        foreach (var (name, target) in SampleTargets.All)
        {
            foreach (var file in SampleTargets.Generate(target).Where(file => file.Path.EndsWith(".yaml", StringComparison.Ordinal)))
            {
                var sample = $"{name}.{Path.GetFileNameWithoutExtension(file.Path)}.policy.yaml";
                File.WriteAllText(Path.Combine(folder, sample), file.Text);
            }
        }
    }
}
