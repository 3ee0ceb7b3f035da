# Installs what `PublishImages` published to artifacts/app; nothing is compiled here, so no engine is needed to build it.
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0
FROM ${BASE_IMAGE}

# What seldom changes comes first: a layer that has not changed is not moved again.
WORKDIR /app
COPY artifacts/app/frameworks /app
COPY artifacts/app/packages /app
COPY artifacts/app/assemblies /app
COPY artifacts/app/content /app

USER 1654
EXPOSE 8080
ENTRYPOINT ["dotnet", "App.dll"]
