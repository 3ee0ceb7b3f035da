using Gantry.Releases;

namespace Gantry.Nuke.BaseImages;

/// <summary>The release that this run has made from the one that <c>--release</c> names: targets after it take this one.</summary>
internal sealed class RebasedRelease
{
    private Release? _release;
    private bool _isPlanned;

    /// <summary>Notes the release.</summary>
    public void Set(Release release) => _release = release;

    /// <summary>Notes that a dry run has planned the release, which does not exist.</summary>
    public void SetPlanned() => _isPlanned = true;

    /// <summary>Returns the release; null when this run has made none. Throws <c>GAN4854</c> when it was only planned.</summary>
    public Release? Find() => _isPlanned ? throw RebaseRunErrors.OnlyPlanned() : _release;
}
