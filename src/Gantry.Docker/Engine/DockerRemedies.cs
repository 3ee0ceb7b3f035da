namespace Gantry.Docker.Engine;

/// <summary>Remedies that name what a front end offers.</summary>
internal static class DockerRemedies
{
    public const string StartEngine =
        "start Docker, or name a running engine with DOCKER_HOST or 'docker context use'; a Dockerfile that only copies needs none: --image-builder oci";

    public const string MoveTagBack =
        "promote from registry to registry with --move-tag to bring the tag back; an engine cannot transfer an image of several platforms";

    public const string CopyWithoutEngine = "name a registry, or copy without an engine: gantry copy takes folders and archives";
}
