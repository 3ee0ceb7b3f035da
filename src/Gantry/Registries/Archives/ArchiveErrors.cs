namespace Gantry.Registries.Archives;

/// <summary>GAN203x, GAN2050: images in tar archives.</summary>
internal static class ArchiveErrors
{
    public static GantryException Malformed(string archive, string reason, Exception? inner = null) =>
        new(
            "GAN2029",
            $"the archive {archive} cannot be used: {reason}",
            "create the archive again; it may have been truncated when it was transferred",
            inner);

    public static GantryException Missing(string archive) =>
        new(
            "GAN2030",
            $"there is no file for {archive}",
            "check the path; relative ones are taken from the root of the build, or from the current folder");

    public static GantryException UnsafeEntry(string archive, string entry, string reason) =>
        new(
            "GAN2031",
            $"the archive {archive} has the entry '{entry}', which {reason}",
            "make the archive again with a tool that writes plain files only, and find out who made this one");

    public static GantryException Compressed(string archive, string format, string remedy) =>
        new(
            "GAN2032",
            $"the archive {archive} is compressed with {format}",
            $"unpack it first ({remedy}); gzip alone is unpacked on the way");

    public static GantryException SeveralImages(string archive, IEnumerable<string> names) =>
        new(
            "GAN2033",
            $"{archive} holds not one image but {string.Join(", ", names)}",
            "name one of them after the file, or its digest after '@'");

    public static GantryException NoImages(string archive) =>
        new("GAN2033", $"{archive} holds no image", "check how it was made");

    public static GantryException ReadOnly(string archive) =>
        new("GAN2034", $"{archive} cannot be written: archives of 'docker save' are read only here", "write an oci-archive: instead");

    public static GantryException Changed(string archive) =>
        new(
            "GAN2035",
            $"the archive {archive} was changed by another process while it was written",
            "run it again; the changes of the other process are then kept");

    public static GantryException TooLarge(string archive, string reason, string limit) =>
        new(
            "GAN2050",
            $"the archive {archive} exceeds a limit: {reason} (limit {limit})",
            "find out who made it; if it is correct, unpack it first, or make it again with fewer images");

    public static GantryException CompressedTarget(string archive) =>
        new(
            "GAN2036",
            $"{archive} would have to be compressed, and archives are written uncompressed",
            "leave out the ending .gz or .tgz: layers are compressed already");
}
