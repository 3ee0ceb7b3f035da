# The tool as an image: what the target ToolImage published to artifacts/tool. Nothing is compiled here.
FROM mcr.microsoft.com/dotnet/runtime:10.0

WORKDIR /app
COPY artifacts/tool /app

USER 1654
ENTRYPOINT ["dotnet", "/app/Gantry.Cli.dll"]
