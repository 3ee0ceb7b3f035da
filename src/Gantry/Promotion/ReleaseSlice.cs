using System.Globalization;

namespace Gantry.Promotion;

/// <summary>
/// One of the parts into which the images of a release are split, so that several machines place them in an environment at the same time.
/// The split depends on the release alone: every machine finds the same one.
/// </summary>
public sealed record ReleaseSlice
{
    /// <summary>Creates a slice.</summary>
    /// <param name="number">The number of the slice, from 1.</param>
    /// <param name="count">The number of slices, at most <see cref="Limits.Slices"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice.</exception>
    public ReleaseSlice(int number, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Limits.Slices);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, count);
        Number = number;
        Count = count;
    }

    /// <summary>The number of the slice, from 1.</summary>
    public int Number { get; }

    /// <summary>The number of slices.</summary>
    public int Count { get; }

    /// <summary>Parses a slice such as <c>3/8</c>; throws <c>GAN4098</c> when the text names none.</summary>
    public static ReleaseSlice Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= Limits.Slices
            && number >= 1 && number <= count
                ? new ReleaseSlice(number, count)
                : throw PromotionErrors.NotASlice(text);
    }

    /// <summary>Returns the slice as <see cref="Parse"/> reads it: <c>3/8</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");
}
