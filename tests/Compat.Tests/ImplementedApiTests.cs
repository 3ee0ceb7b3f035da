using System.Runtime.CompilerServices;

namespace Compat.Tests;

/// <summary>
/// compat's public members are exactly those of its lists, which are compared with the API of NUKE and Fallout themselves: no member is
/// added that they do not have. GANTRY_UPDATE_API=1 writes the lists again.
/// </summary>
public class ImplementedApiTests
{
    [Theory]
    [InlineData("implemented-nuke.txt", "Nuke.Common", "Nuke.Components")]
    [InlineData("implemented-fallout.txt", "Fallout.Common", "Fallout.Components")]
    [InlineData("implemented-verify.txt", "Verify.Xunit")]
    public void The_list_matches_the_public_API(string list, params string[] assemblies)
    {
        var file = Path.GetFullPath(Path.Combine(ThisFolder(), "../../compat", list));
        var actual = PublicApi.Read(assemblies);
        if (Environment.GetEnvironmentVariable("GANTRY_UPDATE_API") == "1")
            File.WriteAllText(file, string.Join('\n', actual) + "\n");

        var listed = File.ReadAllLines(file);
        Assert.Empty(actual.Except(listed));
        Assert.Empty(listed.Except(actual));
    }

    private static string ThisFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
