namespace Gantry.Docker.Engine;

/// <summary>GAN6xxx: the Docker engine.</summary>
internal static class DockerErrors
{
    public static GantryException Unreachable(DockerEndpoint endpoint, string reason, Exception? inner = null) =>
        new(
            "GAN6001",
            $"the Docker engine at {endpoint} cannot be reached: {Format.OneLine(reason)}",
            "start Docker, or name a running engine with DOCKER_HOST or 'docker context use'; a Dockerfile that only copies needs none",
            inner)
        {
            Actions = [RemedyAction.BuildWithoutEngine],
        };

    public static GantryException NotPermitted(DockerEndpoint endpoint, Exception? inner = null) =>
        new(
            "GAN6002",
            $"this user may not use the Docker engine at {endpoint}",
            "add the user to the group that owns the socket (usually 'docker') and log in again, or use a rootless engine",
            inner);

    public static GantryException SshEndpoint(string host, string origin) =>
        new(
            "GAN6003",
            $"the Docker engine '{host}' ({origin}) is reached over SSH, which is not supported",
            "forward its socket with 'ssh -L /tmp/docker.sock:/var/run/docker.sock' and set DOCKER_HOST=unix:///tmp/docker.sock");

    public static GantryException MalformedHost(string host, string origin) =>
        new(
            "GAN6004",
            $"{Format.Refused(host)} ({origin}) is not the address of a Docker engine",
            "write it as unix:///var/run/docker.sock, tcp://host:2376 or npipe:////./pipe/docker_engine");

    public static GantryException UnknownContext(string name, string origin, string folder) =>
        new(
            "GAN6005",
            $"there is no Docker context '{name}' ({origin}) under {folder}",
            "list the contexts with 'docker context ls', and choose one with DOCKER_CONTEXT or 'docker context use'");

    public static GantryException UnreadableConfiguration(string file, string reason, Exception? inner = null) =>
        new(
            "GAN6006",
            $"Docker's configuration file {file} cannot be read: {Format.OneLine(reason)}",
            "correct the file, or point DOCKER_CONFIG to another folder",
            inner);

    public static GantryException UnusableCertificate(string folder, string origin, string reason, Exception? inner = null) =>
        new(
            "GAN6007",
            $"the TLS certificates in {folder} ({origin}) cannot be used: {Format.OneLine(reason)}",
            "put ca.pem, cert.pem and key.pem there, or name their folder in DOCKER_CERT_PATH",
            inner);

    public static GantryException TlsFailed(DockerEndpoint endpoint, string reason, Exception? inner = null) =>
        new(
            "GAN6008",
            $"the Docker engine at {endpoint} and this machine do not agree on TLS: {Format.OneLine(reason)}",
            "check the certificates of DOCKER_CERT_PATH or of the context, and whether the engine expects TLS at all",
            inner);

    public static GantryException Refused(DockerEndpoint endpoint, string what, string message, Exception? inner = null) =>
        new(
            "GAN6009",
            $"the Docker engine at {endpoint} refused to {what}: {Format.OneLine(message)}",
            "read what the engine says, and its log",
            inner);

    public static GantryException StepFailed(string dockerfile, string step, string reason, string output) =>
        new(
            "GAN6010",
            $"{dockerfile}: the step {step} failed: {Format.OneLine(reason)}{(output.Length == 0 ? "" : $"; it printed: {output}")}",
            "correct what the step runs or copies; its full output is in the log above");

    public static GantryException DockerfileRefused(string dockerfile, string reason) =>
        new(
            "GAN6011",
            $"{dockerfile}: the Docker engine cannot build it: {Format.OneLine(reason)}",
            "correct the instruction that the message names");

    public static GantryException NoImage(string dockerfile) =>
        new(
            "GAN6012",
            $"{dockerfile}: the Docker engine ended the build without an error and without an image",
            "read the log of the engine, and build again");

    public static GantryException InvalidExport(string image, string reason, Exception? inner = null) =>
        new(
            "GAN6013",
            $"the Docker engine's export of the image {image} is not valid: {Format.OneLine(reason)}",
            "check the disk of the engine, and build again with an empty build cache",
            inner);

    public static GantryException WrongPlatform(string dockerfile, string asked, string what, string actual) =>
        new(
            "GAN6014",
            $"{dockerfile}: an image for {asked} was requested, but {what} is for {actual}",
            $"use a base image that exists for {asked}, or build only for {actual}");

    public static GantryException PullFailed(DockerEndpoint endpoint, string image, string reason) =>
        new(
            "GAN6015",
            $"the Docker engine at {endpoint} cannot pull {image}: {Format.OneLine(reason)}",
            "check the name, sign in with 'docker login' or 'az login', and see whether the engine itself reaches the registry");

    public static GantryException PushFailed(DockerEndpoint endpoint, string image, string reason) =>
        new(
            "GAN6016",
            $"the Docker engine at {endpoint} cannot push {image}: {Format.OneLine(reason)}",
            "check that the credential may write there, and see whether the engine itself reaches the registry");

    public static GantryException WouldRecompress(DockerEndpoint endpoint, DockerEngineInfo engine, string image) =>
        new(
            "GAN6017",
            $"the Docker engine at {endpoint} ({engine.Version}, storage driver {engine.StorageDriver}) keeps images unpacked and would "
                + $"push {image} with another digest",
            "promote from registry to registry, which is the default; or switch the engine to containerd's image store (\"features\": "
                + "{\"containerd-snapshotter\": true} in daemon.json); or accept another digest explicitly");

    public static GantryException Recompressed(DockerEndpoint endpoint, string source, string arrived) =>
        new(
            "GAN6018",
            $"the Docker engine at {endpoint} pulled {source} and pushed another image, {arrived}",
            "promote from registry to registry to move the tag back; an engine cannot transfer an image of several platforms")
        {
            Actions = [RemedyAction.MoveTag],
        };

    public static GantryException NoRegistry(string address) =>
        new(
            "GAN6019",
            $"a Docker engine cannot transfer images from or to {address}",
            "name a registry, or copy without an engine: gantry copy takes folders and archives");
}
