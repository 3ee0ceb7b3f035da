using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>An argument that begins with '@' is an argument: no file brings text from elsewhere into a command line.</summary>
public sealed class ResponseFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_not_read_as_arguments()
    {
        var file = _folder.Combine("arguments");
        await File.WriteAllTextAsync(file, "##vso[task.complete]\n--bogus");

        var result = await CommandRunner.RunAsync("inspect", $"@{file}");

        Assert.NotEqual(0, result.Code);
        Assert.DoesNotContain("bogus", result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("##vso", result.Output + result.Error, StringComparison.Ordinal);
    }
}
