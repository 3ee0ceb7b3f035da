using Gantry.Environments;
using Gantry.IO;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Compares a release with the current one of an environment: by the precedence of SemVer, and where that does not order them, by the order
/// in which both were promoted or published.
/// </summary>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="published">The releases of the base registry.</param>
/// <param name="time">The clock, which shows that the date of a record cannot be true.</param>
internal sealed class ReleaseOrder(IRegistryClient repositories, BaseReleases published, TimeProvider time)
{
    /// <summary>Compares the release with another one, which is current. Throws when a registry cannot be read.</summary>
    /// <param name="request">The promotion.</param>
    /// <param name="history">The promotions to the target.</param>
    /// <param name="current">The version of the current release.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<OrderFinding> CompareAsync(
        PromotionRequest request, PromotionHistory history, string current, CancellationToken cancellationToken)
    {
        var version = request.Release.Version;
        if (VersionComparer.ComparePrecedence(version, current) is { } precedence and not 0)
            return precedence < 0 ? OrderFinding.Older("is lower than") : OrderFinding.Newer;
        if (Compare(history.FindFirst(version), history.FindFirst(current)) is { } there)
            return there < 0 ? OrderFinding.Older("was there before") : OrderFinding.Newer;
        return request.Environment.After is { } before
            ? await CompareArrivalsAsync(request, before, current, cancellationToken)
            : await ComparePublicationsAsync(request, current, cancellationToken);
    }

    // One region in which it came first is enough to be the older one.
    private async Task<OrderFinding> CompareArrivalsAsync(
        PromotionRequest request, PromotionEnvironment before, string current, CancellationToken cancellationToken)
    {
        var orders = await Concurrently.SelectAsync(
            request.Before, (region, token) => CompareArrivalAsync(request, region, current, token), cancellationToken);
        if (orders.Any(order => order < 0))
            return OrderFinding.Older($"came to {before.DisplayName} before");
        return orders.Any(order => order > 0)
            ? OrderFinding.Newer
            : OrderFinding.Unknown(
                $"their versions have no order, and no records show which of them came to {before.DisplayName} first");
    }

    private async Task<int?> CompareArrivalAsync(
        PromotionRequest request, PromotionTarget before, string current, CancellationToken cancellationToken)
    {
        var version = request.Release.Version;
        var reader = new EnvironmentReader(repositories, time) { Includes = other => other == version || other == current };
        var history = await reader.ReadHistoryAsync(
            before,
            [.. request.Release.Images.Select(image => image.Name)],
            RecordScope.Of(before, time.GetUtcNow()),
            wanted: version,
            cancellationToken);
        if (history.Problems is [var problem, ..])
            throw problem;

        // A dry run would bring it there now.
        var arrived = history.FindFirst(version) ?? (request.AssumesBefore ? DateTimeOffset.MaxValue : null);
        return Compare(arrived, history.FindFirst(current));
    }

    private async Task<OrderFinding> ComparePublicationsAsync(
        PromotionRequest request, string current, CancellationToken cancellationToken)
    {
        try
        {
            var other = await published.FindAsync(current, cancellationToken);
            if (Compare(request.Release.Created, other.Created) is { } order)
                return order < 0 ? OrderFinding.Older("was published before") : OrderFinding.Newer;
        }
        catch (GantryException problem)
        {
            return OrderFinding.Unknown(
                $"their versions have no order, and when '{current}' was published cannot be read: {problem.Problem}");
        }

        return OrderFinding.Unknown("their versions have no order, and both were published in the same second");
    }

    // Dates of records have whole seconds: in the same second, there is no order.
    private static int? Compare(DateTimeOffset? one, DateTimeOffset? other) =>
        one is { } left && other is { } right && left != right ? left.CompareTo(right) : null;
}

/// <summary>The order of a release and the current one.</summary>
internal sealed record OrderFinding
{
    public static OrderFinding Newer { get; } = new();

    /// <summary>The relation to the current release, when the release is older: <c>is lower than</c>.</summary>
    public string? OlderBecause { get; private init; }

    /// <summary>The reason why the order is not known.</summary>
    public string? UnknownBecause { get; private init; }

    public static OrderFinding Older(string relation) => new() { OlderBecause = relation };

    public static OrderFinding Unknown(string reason) => new() { UnknownBecause = reason };
}
