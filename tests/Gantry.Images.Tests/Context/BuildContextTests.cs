using CsCheck;
using Gantry.Images.Context;
using Gantry.Images.Dockerfiles;
using Gantry.Testing;

namespace Gantry.Images.Tests.Context;

public sealed class BuildContextTests : IDisposable
{
    private static readonly SourceLine Line = new("Dockerfile", 2);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>No path and no link of a Dockerfile opens a file outside of the context.</summary>
    [UnixFact]
    public void No_source_leads_out_of_the_context()
    {
        var outside = _folder.Write("secret", "secret"u8);
        _folder.Write("context/a/b/file", "inside"u8);
        var context = _folder.Combine("context");
        File.CreateSymbolicLink(Path.Combine(context, "up"), "..");
        File.CreateSymbolicLink(Path.Combine(context, "a/up"), "../..");
        File.CreateSymbolicLink(Path.Combine(context, "a/inside"), "b/../../a/b");
        File.CreateSymbolicLink(Path.Combine(context, "absolute"), outside);
        File.CreateSymbolicLink(Path.Combine(context, "round"), "a/../round");
        var files = new BuildContext(context, IgnoreRules.None);

        Gen.OneOf(
            Gen.Const("a"), Gen.Const("b"), Gen.Const("file"), Gen.Const(".."), Gen.Const("."), Gen.Const(""), Gen.Const("up"),
            Gen.Const("inside"), Gen.Const("absolute"), Gen.Const("round"), Gen.Const("secret"), Gen.Const("*"), Gen.Const("?p"))
            .Array[1, 6].Select(parts => string.Join('/', parts)).Sample(source =>
            {
                try
                {
                    foreach (var (_, item) in files.Find(source, Line))
                    {
                        Assert.StartsWith(context, Path.GetFullPath(item.FullPath), StringComparison.Ordinal);
                        Assert.NotEqual(FileKind.SymbolicLink, item.Kind);
                        Assert.True(item.Kind == FileKind.Directory || File.ReadAllText(item.FullPath) == "inside");
                        foreach (var child in item.Kind == FileKind.Directory ? files.Children(item, Line) : [])
                            Assert.StartsWith(context, Path.GetFullPath(child.FullPath), StringComparison.Ordinal);
                    }
                }
                catch (GantryException exception)
                {
                    Assert.Contains(exception.Code, new[] { "GAN3010", "GAN3011" });
                }
            });
    }
}
