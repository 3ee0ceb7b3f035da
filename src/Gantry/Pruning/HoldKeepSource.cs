using Gantry.Environments;
using Gantry.Holds;

namespace Gantry.Pruning;

/// <summary>Names the releases that holds keep in their environments.</summary>
/// <param name="holds">Reads the holds.</param>
/// <param name="all">The names of the images of the build. A hold can be there before the first promotion.</param>
internal sealed class HoldKeepSource(HoldReader holds, IReadOnlyList<string> all) : IKeepSource
{
    public async Task<IReadOnlyList<NamedKeep>> FindAsync(
        PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        // A hold of whatever is there keeps the release of the environment, which is kept in any case.
        var state = await holds.ReadAsync(target, all, cancellationToken);
        return state.Open is { Version: { } version } open
            ? [new NamedKeep(KeepReasonKind.Hold, $"{target.DisplayName} is held by {open.By}: {open.Reason}") { Version = version }]
            : [];
    }
}
