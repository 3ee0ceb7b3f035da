:; exec "$(dirname "$0")/build.sh" "$@" # build.cmd in a shell of Unix; what follows is for Windows.
@echo off
setlocal
where pwsh >nul 2>nul && (set "shell=pwsh") || (set "shell=powershell")
%shell% -NoProfile -ExecutionPolicy Bypass -File "%~dp0build.ps1" %*
exit /b %ERRORLEVEL%
