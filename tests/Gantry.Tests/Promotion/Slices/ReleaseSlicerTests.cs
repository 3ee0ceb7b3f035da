using System.Globalization;
using CsCheck;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;

namespace Gantry.Tests.Promotion.Slices;

/// <summary>The split of images into slices, for generated releases.</summary>
public sealed class ReleaseSlicerTests
{
    // Few different sizes, so that many images have the same one; some are empty, and some larger than all others together.
    private static readonly Gen<decimal> Sizes = Gen.Frequency(
        (6, Gen.Int[0, 5].Select(size => (decimal)size)),
        (3, Gen.Int[1, 1000].Select(size => (decimal)size)),
        (1, Gen.Const((decimal)long.MaxValue)));

    private static readonly Gen<decimal[]> Releases = Sizes.Array[0, 40];

    [Fact]
    public void Every_image_is_in_exactly_one_slice_in_the_order_of_the_release() =>
        Gen.Select(Releases, Gen.Int[1, 12]).Sample((sizes, count) =>
        {
            var images = Images(sizes);
            var slices = ReleaseSlicer.Split(images, count);

            Assert.Equal(count, slices.Count);
            Assert.Equal(
                images.Select(image => image.Image.Name).Order(StringComparer.Ordinal),
                slices.SelectMany(slice => slice).Select(image => image.Name).Order(StringComparer.Ordinal));
            Assert.All(slices, slice => Assert.Equal(slice.OrderBy(image => Number(image.Name)), slice));
        });

    [Fact]
    public void Machines_that_read_the_release_in_another_order_find_the_same_split() =>
        Gen.Select(Releases, Gen.Int[1, 12], Gen.Int).Sample((sizes, count, seed) =>
        {
            var images = Images(sizes);
            var others = images.ToArray();
            new Random(seed).Shuffle(others);

            Assert.Equal(Names(ReleaseSlicer.Split(images, count)), Names(ReleaseSlicer.Split(others, count)));
        });

    [Fact]
    public void No_slice_has_more_than_its_share_and_one_image() =>
        Gen.Select(Releases, Gen.Int[1, 12]).Sample((sizes, count) =>
        {
            var largest = LargestSlice(sizes, count);

            Assert.True(largest <= (sizes.Sum() / count) + sizes.DefaultIfEmpty().Max());
        });

    [Fact]
    public void The_largest_slice_has_at_most_a_third_more_than_in_the_best_split() =>
        Gen.Select(Sizes.Array[1, 7], Gen.Int[1, 3]).Sample((sizes, count) =>
        {
            var best = BestSplit(sizes, count);

            Assert.True(3 * LargestSlice(sizes, count) <= 4 * best);
        });

    [Fact]
    public void Images_that_are_the_same_are_spread_over_all_slices()
    {
        var slices = ReleaseSlicer.Split(Images([0, 0, 0, 0, 0, 0, 0]), 3);

        Assert.Equal([3, 2, 2], slices.Select(slice => slice.Count));
    }

    [Theory]
    [InlineData("1/1")]
    [InlineData("3/8")]
    [InlineData("99/99")]
    public void A_slice_is_read_as_it_is_written(string text) => Assert.Equal(text, ReleaseSlice.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("0/8")]
    [InlineData("9/8")]
    [InlineData("-1/8")]
    [InlineData("1/0")]
    [InlineData("1/100")]
    [InlineData("1/8/2")]
    [InlineData(" 1/8")]
    [InlineData("+1/8")]
    [InlineData("1/8 ")]
    [InlineData("a/b")]
    [InlineData("1/99999999999999999999")]
    [InlineData("$(System.JobPositionInPhase)/8")]
    public void A_text_that_is_no_slice_is_refused(string text) =>
        Assert.Equal("GAN4098", Assert.Throws<GantryException>(() => ReleaseSlice.Parse(text)).Code);

    [Theory]
    [InlineData(0, 8)]
    [InlineData(9, 8)]
    [InlineData(1, 0)]
    [InlineData(1, 100)]
    public void A_slice_that_does_not_exist_cannot_be_made(int number, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReleaseSlice(number, count));

    private static decimal LargestSlice(decimal[] sizes, int count) =>
        ReleaseSlicer.Split(Images(sizes), count).Max(slice => slice.Sum(image => sizes[Number(image.Name)]));

    // Every image in every slice: all splits of few images.
    private static decimal BestSplit(decimal[] sizes, int count)
    {
        var slices = new decimal[count];
        return Place(0);

        decimal Place(int image)
        {
            if (image == sizes.Length)
                return slices.Max();
            var best = decimal.MaxValue;
            for (var slice = 0; slice < count; slice++)
            {
                slices[slice] += sizes[image];
                best = Math.Min(best, Place(image + 1));
                slices[slice] -= sizes[image];
            }

            return best;
        }
    }

    private static IEnumerable<IEnumerable<string>> Names(IReadOnlyList<IReadOnlyList<ReleaseImage>> slices) =>
        slices.Select(slice => slice.Select(image => image.Name).Order(StringComparer.Ordinal));

    private static int Number(string name) => int.Parse(name[1..], CultureInfo.InvariantCulture);

    // Two images of three share a digest with another one, as images under two names do.
    private static (ReleaseImage Image, decimal Bytes)[] Images(decimal[] sizes) =>
        [.. sizes.Select((size, number) => (
            new ReleaseImage
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"i{number}"),
                Repository = "base.test/app",
                Digest = Digest.Of([(byte)(number % 3 == 0 ? number : number / 3)]),
                MediaType = MediaTypes.OciManifest,
                Size = 1,
                Platforms = [],
            },
            size))];
}
