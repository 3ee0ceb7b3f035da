using CsCheck;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Copying;

/// <summary>Copies of generated images, stopped at any call.</summary>
public sealed class GeneratedGraphTests
{
    /// <summary>An image, or an index of images and indexes. Names are small numbers, so that layers and whole images are shared.</summary>
    private abstract record Shape
    {
        public sealed record Image(int Name, int Layers, int Signatures) : Shape
        {
            // By name, so that an image built twice has one cosign tag instead of an additional old one.
            public int CosignSignatures => Name % 3;
        }

        public sealed record Index(Shape[] Children, int Signatures) : Shape;
    }

    private static readonly Gen<Shape> Images =
        Gen.Select(
            Gen.Int[0, 5], Gen.Int[0, 4], Gen.Int[0, 2], (name, layers, signatures) => (Shape)new Shape.Image(name, layers, signatures));

    private static readonly Gen<Shape> Shapes = Gen.Recursive<Shape>((depth, inner) => depth >= 3
        ? Images
        : Gen.Frequency(
            (3, Images),
            (2, Gen.Select(inner.Array[1, 3], Gen.Int[0, 1], (children, signatures) => (Shape)new Shape.Index(children, signatures)))));

    [Fact]
    public void Any_image_arrives_complete_with_its_attachments() =>
        Gen.Select(Shapes, Gen.Int[1, 3]).Sample(
            (shape, targets) => CopyAsync(shape, targets).GetAwaiter().GetResult(), iter: 300);

    [Fact]
    public void A_copy_stopped_anywhere_tags_nothing_incomplete_and_the_next_completes_it() =>
        Gen.Select(Shapes, Gen.Int[0, 60], Gen.Bool).Sample(
            (shape, stopAt, fails) => StopAsync(shape, stopAt, fails).GetAwaiter().GetResult(), iter: 500);

    [Fact]
    public void Concurrent_copies_to_one_target_do_not_disturb_each_other() =>
        Gen.Select(Shapes, Shapes).Sample(
            (first, second) => CopyTwiceAsync(first, second).GetAwaiter().GetResult(), iter: 200);

    private static async Task CopyAsync(Shape shape, int targets)
    {
        var from = Source(shape);
        var to = Enumerable.Range(0, targets).Select(number => new FakeRegistry($"to{number}.test")).ToList();

        var outcomes = await new ImageCopier().CopyAsync([Request(from, [.. to])], CancellationToken.None);

        foreach (var (outcome, registry) in outcomes.Zip(to))
        {
            Assert.Null(outcome.Error);
            AssertSame(from["app"], registry["app"]);
            Assert.Equal(from["app"].Blobs.Count, registry.Count("StoreBlob"));
        }

        Assert.Equal(
            from.Count("GetBlob"), from.Calls.Where(call => call.StartsWith("GetBlob", StringComparison.Ordinal)).Distinct().Count());
    }

    private static async Task StopAsync(Shape shape, int stopAt, bool fails)
    {
        var from = Source(shape);
        var to = new FakeRegistry("to.test");
        using var stop = new CancellationTokenSource();
        var left = stopAt;
        to.Before = (_, _) => Interlocked.Decrement(ref left) >= 0 ? Task.CompletedTask
            : fails ? throw new GantryException("GAN2001", "it stops here", "go on")
            : stop.CancelAsync();

        try
        {
            var outcomes = await new ImageCopier().CopyAsync([Request(from, to)], stop.Token);
            if (outcomes[0].Succeeded)
                Assert.True(to["app"].Tags.ContainsKey("v1"));
        }
        catch (OperationCanceledException)
        {
        }

        to["app"].AssertComplete();
        to.Before = (_, _) => Task.CompletedTask;
        var again = await new ImageCopier().CopyAsync([Request(from, to)], CancellationToken.None);
        Assert.Null(again[0].Error);
        AssertSame(from["app"], to["app"]);
    }

    private static async Task CopyTwiceAsync(Shape first, Shape second)
    {
        var (one, two) = (Source(first), Source(second, "v2"));
        var to = new FakeRegistry("to.test");

        var outcomes = await Task.WhenAll(
            new ImageCopier().CopyAsync([Request(one, to)], CancellationToken.None),
            new ImageCopier().CopyAsync([Request(one, to)], CancellationToken.None),
            new ImageCopier().CopyAsync([Request(two, "v2", to)], CancellationToken.None));

        Assert.All(outcomes, outcome => Assert.Null(outcome[0].Error));
        to["app"].AssertComplete();
        Assert.Equal(one["app"].Tags["v1"], to["app"].Tags["v1"]);
        Assert.Equal(two["app"].Tags["v2"], to["app"].Tags["v2"]);
    }

    private static void AssertSame(FakeRepository from, FakeRepository to)
    {
        to.AssertComplete();
        Assert.Equal(from.Tags.OrderBy(tag => tag.Key), to.Tags.OrderBy(tag => tag.Key));
        Assert.Equal(
            from.Manifests.Keys.Select(digest => digest.ToString()).Order(),
            to.Manifests.Keys.Select(digest => digest.ToString()).Order());
        Assert.Equal(
            from.Blobs.Keys.Select(digest => digest.ToString()).Order(),
            to.Blobs.Keys.Select(digest => digest.ToString()).Order());
    }

    private static FakeRegistry Source(Shape shape, string tag = "v1")
    {
        var registry = new FakeRegistry($"from-{tag}.test");
        var root = Build(registry["app"], shape);
        registry["app"].Tags[tag] = root.Descriptor.Digest;
        return registry;
    }

    private static ManifestContent Build(FakeRepository repository, Shape shape)
    {
        var manifest = shape switch
        {
            Shape.Image image => repository.AddImage($"image {image.Name}", layers: image.Layers),
            Shape.Index index =>
                repository.AddIndex(null, [.. index.Children.Select(child => (Platform.LinuxAmd64, Build(repository, child)))]),
            _ => throw new InvalidOperationException(),
        };
        var (signatures, cosign) = shape is Shape.Image signed
            ? (signed.Signatures, signed.CosignSignatures)
            : (((Shape.Index)shape).Signatures, 0);
        for (var number = 0; number < signatures; number++)
            repository.AddArtifact(repository.AddArtifact(manifest, $"signature {number}"), "signature of a signature");
        if (cosign > 0)
            repository.AddCosignTag(manifest, ".sig", [.. Enumerable.Range(0, cosign).Select(number => $"cosign {number}")]);
        return manifest;
    }

    private static CopyRequest Request(FakeRegistry from, params FakeRegistry[] to) => Request(from, "v1", to);

    private static CopyRequest Request(FakeRegistry from, string tag, params FakeRegistry[] to) =>
        new() { Source = from["app"], Tag = tag, Targets = [.. to.Select(registry => new CopyTarget(registry["app"], tag))] };
}
