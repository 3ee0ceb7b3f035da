using System.Collections.Frozen;

namespace Gantry.Images.Dockerfiles;

/// <summary>The known instructions, and those that only a Docker engine can execute.</summary>
internal static class EngineInstructions
{
    private static readonly FrozenDictionary<string, string?> Reasons = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["FROM"] = null,
        ["ARG"] = null,
        ["COPY"] = null,
        ["ENV"] = null,
        ["LABEL"] = null,
        ["WORKDIR"] = null,
        ["USER"] = null,
        ["EXPOSE"] = null,
        ["VOLUME"] = null,
        ["STOPSIGNAL"] = null,
        ["ENTRYPOINT"] = null,
        ["CMD"] = null,
        ["RUN"] = "RUN executes a program in the image",
        ["ADD"] = "ADD downloads and unpacks",
        ["HEALTHCHECK"] = "HEALTHCHECK is not part of the OCI image format",
        ["SHELL"] = "SHELL is not part of the OCI image format",
        ["ONBUILD"] = "ONBUILD is not part of the OCI image format",
        ["MAINTAINER"] = "MAINTAINER is deprecated in favour of LABEL org.opencontainers.image.authors",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool IsKnown(string keyword) => Reasons.ContainsKey(keyword);

    public static string? FindEngineReason(RawInstruction instruction)
    {
        if (instruction.Keyword != "COPY")
            return Reasons[instruction.Keyword];
        if (instruction.HasFlag("from"))
            return "COPY --from reads another stage or image";
        if (instruction.HasFlag("parents"))
            return "COPY --parents keeps the folders of its sources";
        return instruction.HasFlag("exclude") ? "COPY --exclude leaves files out" : null;
    }
}
