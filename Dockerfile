# Installs what `PublishImages` published to artifacts/app; nothing is compiled here, so no engine is needed to build it.
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0
FROM ${BASE_IMAGE}

WORKDIR /app
COPY artifacts/app /app

USER 1654
EXPOSE 8080
ENTRYPOINT ["dotnet", "App.dll"]
