# Copies what PublishImages published to artifacts/gantry-second-service. Nothing is compiled here, so no Docker engine is needed.
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0
FROM ${BASE_IMAGE}

# What seldom changes comes first: a layer that has not changed is not copied again.
WORKDIR /app
COPY artifacts/gantry-second-service/frameworks /app
COPY artifacts/gantry-second-service/packages /app
COPY artifacts/gantry-second-service/assemblies /app
COPY artifacts/gantry-second-service/content /app

USER 1654
EXPOSE 8080
ENTRYPOINT ["dotnet", "GantrySecondService.dll"]
