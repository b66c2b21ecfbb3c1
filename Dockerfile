# One image for everything that balsa does. The build needs nothing but the sources and the packages that they name.

FROM mcr.microsoft.com/dotnet/sdk:10.0.401 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig LICENSE ./
COPY src/ src/
COPY bench/ bench/
# What the simulator carries with it.
COPY samples/metrics/ samples/metrics/
COPY tests/Balsa.Raft.Tests/Scenarios/ tests/Balsa.Raft.Tests/Scenarios/
RUN dotnet publish src/Balsa.Cli/Balsa.Cli.csproj --configuration Release --output /app \
    && cp LICENSE /app/

FROM mcr.microsoft.com/dotnet/aspnet:10.0.12 AS final
COPY --from=build /app/ /app/
# A new volume takes its owner from the folder that it covers.
RUN mkdir /var/lib/balsa && chown "$APP_UID" /var/lib/balsa
ENV PATH="/app:${PATH}" BALSA_DATA_DIR=/var/lib/balsa
WORKDIR /var/lib/balsa
VOLUME /var/lib/balsa
# Peers, clients of the API, controllers, the front end of CS 380D.
EXPOSE 2380/tcp 2379/tcp 5555/udp 8001/tcp
USER $APP_UID
# Whoever starts the image as something that is not a server switches this off.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
    CMD ["balsa", "status", "--endpoints", "127.0.0.1:2379", "--timeout", "3s"]
ENTRYPOINT ["balsa"]
CMD ["server"]
