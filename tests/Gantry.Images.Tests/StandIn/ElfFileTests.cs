using CsCheck;
using Gantry.Images.StandIn;
using Gantry.Testing;

namespace Gantry.Images.Tests.StandIn;

public sealed class ElfFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxFact]
    public async Task Loader_and_libraries_of_a_program_are_read()
    {
        var dotnet = Path.Combine(DotNetInstallation.Find(Environment.Version.Major)!.Root, "dotnet");

        var elf = ElfFile.TryRead(dotnet)!;
        var found = new SystemLibraries(elf.Machine).FindClosure([dotnet], []);

        // Compare with the list of the loader itself.
        var listed = (await ChildProcess.RunAsync("ldd", [dotnet])).EnsureSuccess()
            .Output
            .Split('\n')
            .Where(line => line.Contains("=>", StringComparison.Ordinal))
            .Select(line => line.Trim().Split(' ')[0])
            .Order(StringComparer.Ordinal);
        Assert.Equal(listed, found.Keys.Where(name => name != Path.GetFileName(elf.Loader)));
    }

    [LinuxFact]
    public void A_damaged_program_is_not_read_or_names_fewer_libraries()
    {
        var dotnet = File.ReadAllBytes(Path.Combine(DotNetInstallation.Find(Environment.Version.Major)!.Root, "dotnet"));
        Gen.Select(Gen.Int[0, 4096], Gen.Byte, Gen.Int[0, dotnet.Length]).Array[1, 4].Sample(damages =>
        {
            var content = dotnet[..damages.Max(damage => damage.Item3)];
            foreach (var (offset, value, _) in damages.Where(damage => damage.Item1 < content.Length))
                content[offset] = value;
            ElfFile.TryRead(_folder.Write(Path.GetRandomFileName(), content));
        }, iter: 300);
    }

    [Fact]
    public void A_text_is_not_a_program() => Assert.Null(ElfFile.TryRead(_folder.Write("text", "#!/bin/sh"u8)));
}
